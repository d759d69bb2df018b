package org.kotangent.ad.scalar;

import org.jspecify.annotations.Nullable;
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
   * The node of f(a, b), asked for where this is not quiet. It takes the numbers apart because the
   * JIT compiler does not keep objects in registers that may reach a call.
   *
   * @param aLevel null where a is a plain number
   */
  abstract int operation(
      ScalarOp op,
      @Nullable Tracer aLevel,
      double a,
      int aNode,
      @Nullable Tracer bLevel,
      double b,
      int bNode);

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
