package org.kotangent.ops.internal;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import org.kotangent.ad.Arr;
import org.kotangent.ad.Parallel;
import org.kotangent.ad.internal.Assembler;

/** Max pooling of F32 and its adjoint by {@link PoolingCode}. */
final class NativePooling {
  /** Numbers that are worth a thread. */
  private static final int GRAIN = 1 << 16;

  private static final NativeFunction MAX = function(PoolingCode.max());
  private static final NativeFunction ADJOINT = function(PoolingCode.adjoint());

  /** Plans that are kept; when there are more, all are forgotten. */
  private static final int KEPT = 256;

  private static final ConcurrentHashMap<PoolShape, int[]> PLANS = new ConcurrentHashMap<>();

  private NativePooling() {}

  private static int[] plan(PoolShape s) {
    int[] known = PLANS.get(s);
    if (known == null) {
      known = PoolingCode.plan(s);
      if (PLANS.size() >= KEPT) {
        PLANS.clear();
      }
      PLANS.put(s, known);
    }
    return known;
  }

  private static NativeFunction function(Assembler code) {
    return new NativeFunction(code, float[].class, float[].class, int[].class);
  }

  /** Whether it is for such windows. */
  static boolean isFor(PoolShape s, Arr x) {
    return PoolingCode.BLOCKS.isFor(s, x);
  }

  /** As {@link Pooling#max}. */
  static void max(PoolShape s, float[] x, float[] y, int[] index) {
    run(MAX, s, x, y, index);
  }

  /** As {@link Pooling#scatter}. */
  static void adjoint(PoolShape s, float[] gy, int[] index, float[] gx) {
    if (4 * s.windows() < s.plane()) {
      Arrays.fill(gx, 0, s.planes() * s.plane(), 0);
    }
    run(ADJOINT, s, gx, gy, index);
  }

  private static void run(NativeFunction function, PoolShape s, float[] x, float[] y, int[] index) {
    int[] plan = plan(s);
    Parallel.forEach(
        s.planes(),
        Math.max(1, GRAIN / s.plane()),
        (from, to) -> {
          int result = from * s.windows();
          function.run(plan, x, from * s.plane(), y, result, index, result, to - from);
        });
  }
}
