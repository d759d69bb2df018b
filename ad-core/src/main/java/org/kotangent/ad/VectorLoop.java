package org.kotangent.ad;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.kotangent.ad.internal.Hot;

/**
 * A loop over vectors of elements, and the same one by one for what is left over, and for
 * everything until the JIT compiler has optimised the vectors. It is generated only for what has
 * run for a while. Which loop computes an element makes no difference to its bits.
 */
final class VectorLoop implements Loop {
  /**
   * The loop over vectors.
   *
   * @param lanes elements in a vector
   * @param hot whether it has been optimised
   */
  record Vectors(Loop loop, int lanes, Hot hot) {}

  /** Nanoseconds that the other loop gets first, so that what runs once needs no vectors. */
  private static final long START = 100_000;

  private final Loop single;
  private final Supplier<Vectors> generator;

  // Threads may overwrite each other's values; what is lost is a bit of time.
  private @Nullable Vectors vectors;
  private long ahead = START;

  /** Runs {@code single} and, when it is worth it, the vectors that are generated then. */
  VectorLoop(Loop single, Supplier<Vectors> generator) {
    this.single = single;
    this.generator = generator;
  }

  @Override
  public void run(
      Object[] in, int[] at, int[] step, Object[] out, int from, int length, int rows, int pitch) {
    Vectors v = vectors;
    if (v == null) {
      long before = System.nanoTime();
      single.run(in, at, step, out, from, length, rows, pitch);
      ahead -= System.nanoTime() - before;
      if (ahead <= 0) {
        vectors = generator.get();
      }
      return;
    }
    int even = v.hot().is() ? length - length % v.lanes() : 0;
    if (even > 0) {
      v.loop().run(in, at, step, out, from, even, rows, pitch);
    }
    if (even < length) {
      single.run(in, at, step, out, from + even, length - even, rows, pitch);
    }
  }
}
