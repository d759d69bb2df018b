package org.kotangent.ops.internal;

import java.util.Arrays;
import org.kotangent.ad.Arr;
import org.kotangent.ad.Parallel;

/**
 * Pooling over windows of planes. Planes are independent and computed in double, each result
 * rounded once.
 */
public final class Pooling {
  private static final int GRAIN = 1 << 14;

  private Pooling() {}

  /** What is done to one plane: reads its numbers and writes those of the result. */
  private interface Plane {
    void accept(int plane, double[] from, double[] to);
  }

  private static void forEachPlane(int planes, Arr x, int in, Arr y, int out, Plane body) {
    Parallel.forEach(
        planes,
        Math.max(1, GRAIN / Math.max(1, in + out)),
        (first, last) -> {
          double[] from = new double[in];
          double[] to = new double[out];
          for (int plane = first; plane < last; plane++) {
            Wide.read(x, plane * in, 1, from, in);
            body.accept(plane, from, to);
            Wide.write(to, y, plane * out, 1, out);
          }
        });
  }

  /**
   * Writes where in its plane the largest number of each window is: the first of several, in
   * row-major order; the first NaN if there is one. Every window must touch the plane.
   */
  public static void argMax(PoolShape s, Arr x, int[] y) {
    int in = s.plane();
    int columns = s.width().out();
    int[] left = new int[columns];
    Arrays.setAll(left, w -> s.width().source(w, s.width().firstTap(w)));
    Parallel.forEach(
        s.planes(),
        Math.max(1, GRAIN / Math.max(1, in)),
        (first, last) -> {
          double[] numbers = new double[in];
          double[] max = new double[columns];
          int[] best = new int[columns];
          for (int plane = first; plane < last; plane++) {
            Wide.read(x, plane * in, 1, numbers, in);
            for (int row = 0; row < s.height().out(); row++) {
              argMaxOfRow(s, row, left, numbers, max, best);
              System.arraycopy(best, 0, y, plane * s.windows() + row * columns, columns);
            }
          }
        });
  }

  /** One row of windows at once, tap by tap: short loops over taps would cost more than they do. */
  private static void argMaxOfRow(
      PoolShape s, int row, int[] left, double[] x, double[] max, int[] best) {
    Taps rows = s.height();
    Taps columns = s.width();
    int top = rows.firstTap(row);
    int line = rows.source(row, top) * columns.in();
    Arrays.fill(max, Double.NEGATIVE_INFINITY);
    for (int w = 0; w < best.length; w++) {
      best[w] = line + left[w];
    }
    for (int i = top; i < rows.endTap(row); i++) {
      for (int j = 0; j < columns.taps(); j++) {
        int from = columns.firstInside(j);
        int to = columns.endInside(j);
        int here = rows.source(row, i) * columns.in() + columns.source(from, j);
        for (int w = from; w < to; w++, here += columns.stride()) {
          double number = x[here];
          best[w] = number > max[w] ? here : best[w];
          max[w] = Math.max(max[w], number);
        }
      }
    }
    for (int w = 0; w < best.length; w++) {
      if (Double.isNaN(max[w])) {
        best[w] = firstNaN(s, row, w, x);
      }
    }
  }

  private static int firstNaN(PoolShape s, int row, int window, double[] x) {
    for (int i = s.height().firstTap(row); ; i++) {
      int line = s.height().source(row, i) * s.width().in();
      for (int j = s.width().firstTap(window); j < s.width().endTap(window); j++) {
        int here = line + s.width().source(window, j);
        if (Double.isNaN(x[here])) {
          return here;
        }
      }
    }
  }

  /** Writes y[p, i] = x[p, index[p, i]] for every plane p. */
  public static void take(int planes, int in, int out, Arr x, int[] index, Arr y) {
    forEachPlane(
        planes,
        x,
        in,
        y,
        out,
        (plane, from, to) -> {
          for (int i = 0; i < out; i++) {
            to[i] = from[index[plane * out + i]];
          }
        });
  }

  /** Writes the adjoint of {@link #take}: y[p, index[p, i]] sums x[p, i], in the order of i. */
  public static void scatter(int planes, int in, int out, Arr x, int[] index, Arr y) {
    forEachPlane(
        planes,
        x,
        in,
        y,
        out,
        (plane, from, to) -> {
          Arrays.fill(to, 0);
          for (int i = 0; i < in; i++) {
            to[index[plane * in + i]] += from[i];
          }
        });
  }

  /** Writes the mean of each window; padding counts as zeros or not at all. */
  public static void mean(PoolShape s, boolean countPadding, Arr x, Arr y) {
    double[] divisors = divisors(s, countPadding);
    forEachPlane(
        s.planes(),
        x,
        s.plane(),
        y,
        s.windows(),
        (plane, from, to) -> {
          Arrays.fill(to, 0);
          forEachTap(s, (window, number) -> to[window] += from[number]);
          for (int p = 0; p < to.length; p++) {
            to[p] /= divisors[p];
          }
        });
  }

  /** Writes the adjoint of {@link #mean}. */
  public static void meanAdjoint(PoolShape s, boolean countPadding, Arr x, Arr y) {
    double[] divisors = divisors(s, countPadding);
    forEachPlane(
        s.planes(),
        x,
        s.windows(),
        y,
        s.plane(),
        (plane, from, to) -> {
          Arrays.fill(to, 0);
          forEachTap(s, (window, number) -> to[number] += from[window] / divisors[window]);
        });
  }

  private static double[] divisors(PoolShape s, boolean countPadding) {
    double[] divisors = new double[s.windows()];
    int columns = s.width().out();
    for (int p = 0; p < divisors.length; p++) {
      divisors[p] =
          (double) s.height().counted(p / columns, countPadding)
              * s.width().counted(p % columns, countPadding);
    }
    return divisors;
  }

  /** That a window looks at a number of the plane. */
  private interface Tap {
    void accept(int window, int number);
  }

  private static void forEachTap(PoolShape s, Tap tap) {
    Taps rows = s.height();
    Taps columns = s.width();
    for (int oy = 0, p = 0; oy < rows.out(); oy++) {
      for (int ox = 0; ox < columns.out(); ox++, p++) {
        int right = columns.endTap(ox);
        for (int i = rows.firstTap(oy); i < rows.endTap(oy); i++) {
          int line = rows.source(oy, i) * columns.in();
          for (int j = columns.firstTap(ox); j < right; j++) {
            tap.accept(p, line + columns.source(ox, j));
          }
        }
      }
    }
  }
}
