package org.kotangent.ops.internal;

import java.util.Arrays;
import org.kotangent.ad.Arr;
import org.kotangent.ad.DType;
import org.kotangent.ad.Parallel;

/** Max pooling over windows of planes, which are independent of each other. */
public final class Pooling {
  private static final int GRAIN = 1 << 16;

  private Pooling() {}

  /**
   * Writes the largest number of each window and where in its plane it is: the first of several, in
   * row-major order; the first NaN if there is one. Every window must touch the plane.
   */
  static void max(PoolShape s, Arr x, Arr y, int[] index) {
    int in = s.plane();
    PoolShape.Columns columns = s.columns();
    Parallel.forEach(
        s.planes(),
        Math.max(1, GRAIN / Math.max(1, in)),
        (first, last) -> {
          double[] numbers = Scratch.mine().numbers(0, in);
          long[] ranks = Scratch.mine().integers(0, in);
          long[] max = Scratch.mine().integers(1, s.width().out());
          for (int plane = first; plane < last; plane++) {
            Wide.read(x, plane * in, 1, numbers, in);
            rank(numbers, ranks, in);
            for (int row = 0; row < s.height().out(); row++) {
              int to = plane * s.windows() + row * s.width().out();
              maxOfRow(s, columns, row, ranks, max, index, to);
            }
            take(x, plane * in, index, y, plane * s.windows(), s.windows());
          }
        });
  }

  /**
   * Integers that are larger for larger numbers, the same for −0 and 0, and largest for NaN, so
   * that one comparison does.
   */
  private static void rank(double[] numbers, long[] ranks, int count) {
    for (int i = 0; i < count; i++) {
      long bits = Double.doubleToLongBits(numbers[i] + 0.0);
      ranks[i] = bits ^ ((bits >> 63) >>> 1);
    }
  }

  /** One row of windows at once, tap by tap: short loops over taps would cost more than they do. */
  private static void maxOfRow(
      PoolShape s,
      PoolShape.Columns columns,
      int row,
      long[] ranks,
      long[] max,
      int[] best,
      int to) {
    Arrays.fill(max, 0, s.width().out(), Long.MIN_VALUE);
    for (int i = s.height().firstTap(row); i < s.height().endTap(row); i++) {
      int line = s.height().source(row, i) * s.width().in();
      for (int j = 0; j < columns.taps(); j++) {
        int end = columns.end(j);
        int stride = columns.stride();
        int here = line + columns.source(j);
        for (int w = columns.first(j); w < end; w++, here += stride) {
          long rank = ranks[here];
          best[to + w] = rank > max[w] ? here : best[to + w];
          max[w] = Math.max(max[w], rank);
        }
      }
    }
  }

  /** Writes y[p, i] = x[p, index[p, i]] for every plane p. */
  public static void take(int planes, int in, int out, Arr x, int[] index, Arr y) {
    Parallel.forEach(
        planes,
        Math.max(1, GRAIN / Math.max(1, in + out)),
        (first, last) -> {
          for (int plane = first; plane < last; plane++) {
            take(x, plane * in, index, y, plane * out, out);
          }
        });
  }

  private static void take(Arr x, int from, int[] index, Arr y, int to, int count) {
    if (x.dtype() == DType.F32) {
      take(x.f32(), from, index, y.f32(), to, count);
    } else {
      take(x.f64(), from, index, y.f64(), to, count);
    }
  }

  private static void take(float[] x, int from, int[] index, float[] y, int to, int count) {
    for (int i = to; i < to + count; i++) {
      y[i] = x[from + index[i]];
    }
  }

  private static void take(double[] x, int from, int[] index, double[] y, int to, int count) {
    for (int i = to; i < to + count; i++) {
      y[i] = x[from + index[i]];
    }
  }

  /**
   * Writes the adjoint of {@link #take}: y[p, index[p, i]] sums x[p, i], in the order of i and in
   * double.
   *
   * @param distinct whether no number is taken twice, so that there is nothing to round
   */
  public static void scatter(
      int planes, int in, int out, boolean distinct, Arr x, int[] index, Arr y) {
    Parallel.forEach(
        planes,
        Math.max(1, GRAIN / Math.max(1, in + out)),
        (first, last) -> {
          for (int plane = first; plane < last; plane++) {
            if (x.dtype() == DType.F64) {
              scatter(x.f64(), plane * in, in, index, y.f64(), plane * out, out);
            } else if (distinct) {
              scatter(x.f32(), plane * in, in, index, y.f32(), plane * out, out);
            } else {
              sum(x.f32(), plane * in, in, index, y, plane * out, out);
            }
          }
        });
  }

  private static void scatter(
      double[] x, int from, int in, int[] index, double[] y, int to, int out) {
    Arrays.fill(y, to, to + out, 0);
    for (int i = from; i < from + in; i++) {
      y[to + index[i]] += x[i];
    }
  }

  private static void scatter(
      float[] x, int from, int in, int[] index, float[] y, int to, int out) {
    Arrays.fill(y, to, to + out, 0);
    for (int i = from; i < from + in; i++) {
      y[to + index[i]] += x[i];
    }
  }

  private static void sum(float[] x, int from, int in, int[] index, Arr y, int to, int out) {
    double[] sums = Scratch.mine().numbers(0, out);
    Arrays.fill(sums, 0, out, 0);
    for (int i = from; i < from + in; i++) {
      sums[index[i]] += x[i];
    }
    Wide.write(sums, y, to, 1, out);
  }
}
