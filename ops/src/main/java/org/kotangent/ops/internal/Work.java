package org.kotangent.ops.internal;

import org.kotangent.ad.Parallel;

/** How work is cut into pieces for threads; what a piece computes does not depend on it. */
final class Work {
  /** Multiplications and additions that make a piece worth handing to another thread. */
  private static final long WORTH = 125_000;

  /** Pieces for each thread, so that a slow one does not hold up the others. */
  private static final long EACH = 4;

  private Work() {}

  /** Into how many pieces to cut so many multiplications and additions. */
  static int pieces(long operations) {
    int threads = Parallel.threads();
    return threads == 1 ? 1 : (int) Math.clamp(operations / WORTH, 1L, EACH * threads);
  }

  /** How many pieces of so many operations make one that is worth handing to another thread. */
  static int grain(long operations) {
    return Math.toIntExact(Math.ceilDiv(WORTH, Math.max(1, operations)));
  }
}
