package org.kotangent.ad.scalar;

import org.kotangent.ad.ScalarOp;

/**
 * A level of which values can be {@link Flat}: it keeps what it has to know of them by nodes, which
 * are numbers.
 */
abstract sealed class Tracer extends Level permits Linearisation, Recorder {
  private final long owner = Thread.currentThread().threadId();
  private boolean quiet;

  /**
   * A level in use.
   *
   * @param quiet whether it need not hear of each operation
   */
  Tracer(String transformation, boolean quiet) {
    super(transformation);
    this.quiet = quiet;
  }

  /** Whether values may be computed with at once; it is not so when the level is closed. */
  final boolean isQuiet() {
    return quiet;
  }

  @Override
  final void close() {
    super.close();
    quiet = false;
  }

  /**
   * The recording that this is where it is not quiet.
   *
   * @throws org.kotangent.ad.EscapedValueException when it is closed
   */
  final Recorder recorder(ScalarOp op) {
    requireOpen(op);
    return (Recorder) this;
  }

  final boolean isForeignThread() {
    return Thread.currentThread().threadId() != owner;
  }

  final void requireOwnThread(String remedy) {
    if (isForeignThread()) {
      throw Checks.domain(
          transformation(),
          "operations are recorded by the thread that called it",
          "an operation on thread " + Thread.currentThread().getName(),
          remedy);
    }
  }
}
