package org.kotangent.ops.internal;

import org.kotangent.ad.Arr;
import org.kotangent.ad.Parallel;

/** Max pooling of F32 by {@link PoolingCode}. */
final class NativePooling {
  /** Numbers that are worth a thread. */
  private static final int GRAIN = 1 << 16;

  private static final NativeFunction MAX = new NativeFunction(PoolingCode.function());

  private NativePooling() {}

  /** Whether it is for such windows. */
  static boolean isFor(PoolShape s, Arr x) {
    return PoolingCode.BLOCKS.isFor(s, x);
  }

  /** As {@link Pooling#max}. */
  static void max(PoolShape s, float[] x, float[] y, int[] index) {
    int[] plan = PoolingCode.plan(s);
    Parallel.forEach(
        s.planes(),
        Math.max(1, GRAIN / s.plane()),
        (from, to) -> {
          int result = from * s.windows();
          MAX.run(plan, x, from * s.plane(), y, result, index, result, to - from);
        });
  }
}
