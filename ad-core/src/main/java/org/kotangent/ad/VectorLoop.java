package org.kotangent.ad;

import org.kotangent.ad.internal.Warm;

/**
 * A loop over vectors of elements, and the same one by one for what is left over, and for
 * everything until the JIT compiler has optimised the vectors. It is generated only for what has
 * run for a while. Which loop computes an element makes no difference to its bits.
 */
final class VectorLoop implements Loop {
  /**
   * A loop over vectors.
   *
   * @param lanes elements in a vector
   * @param operations operations on a vector of each operand
   */
  record Vectors(Loop loop, int lanes, int operations) {}

  /** Nanoseconds that the other loop gets first, so that what runs once needs no vectors. */
  private static final long START = 100_000;

  private final Loop single;
  private final Warm<Vectors> vectors;

  // Threads may overwrite each other's values; what is lost is a bit of time.
  private long ahead = START;

  /** Runs {@code single} and, when it is worth it, the vectors. */
  VectorLoop(Loop single, Warm<Vectors> vectors) {
    this.single = single;
    this.vectors = vectors;
  }

  @Override
  public void run(
      Object[] in, int[] at, int[] step, Object[] out, int from, int length, int rows, int pitch) {
    if (ahead > 0) {
      long before = System.nanoTime();
      single.run(in, at, step, out, from, length, rows, pitch);
      ahead -= System.nanoTime() - before;
      return;
    }
    Vectors v = vectors.get();
    int even = length - length % v.lanes();
    if (even > 0) {
      v.loop().run(in, at, step, out, from, even, rows, pitch);
    }
    if (even < length) {
      single.run(in, at, step, out, from + even, length - even, rows, pitch);
    }
  }
}
