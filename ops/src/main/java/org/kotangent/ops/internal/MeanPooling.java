package org.kotangent.ops.internal;

import java.util.Arrays;
import org.kotangent.ad.Arr;
import org.kotangent.ad.Parallel;

/**
 * Average pooling over windows of planes, computed in double and rounded once. One row of windows
 * is worked on at once, tap by tap.
 */
public final class MeanPooling {
  private static final int GRAIN = 1 << 16;

  private final PoolShape s;
  private final PoolShape.Columns columns;
  private final double[] down;
  private final double[] right;

  private MeanPooling(PoolShape s, boolean countPadding) {
    this.s = s;
    this.columns = s.columns();
    this.down = counts(s.height(), countPadding);
    this.right = counts(s.width(), countPadding);
  }

  private static double[] counts(Taps t, boolean countPadding) {
    double[] counts = new double[t.out()];
    Arrays.setAll(counts, o -> t.counted(o, countPadding));
    return counts;
  }

  /** Writes the mean of each window; padding counts as zeros or not at all. */
  public static void mean(PoolShape s, boolean countPadding, Arr x, Arr y) {
    new MeanPooling(s, countPadding).mean(x, y);
  }

  /** Writes the adjoint of {@link #mean}: spreads a number evenly over its window. */
  public static void adjoint(PoolShape s, boolean countPadding, Arr x, Arr y) {
    new MeanPooling(s, countPadding).adjoint(x, y);
  }

  private void mean(Arr x, Arr y) {
    forEachPlane((plane, numbers, row) -> {
      Wide.read(x, plane * s.plane(), 1, numbers, s.plane());
      for (int o = 0; o < down.length; o++) {
        Arrays.fill(row, 0, right.length, 0);
        for (int i = s.height().firstTap(o); i < s.height().endTap(o); i++) {
          gather(numbers, s.height().source(o, i) * s.width().in(), row);
        }
        for (int w = 0; w < right.length; w++) {
          row[w] /= down[o] * right[w];
        }
        Wide.write(row, y, plane * s.windows() + o * right.length, 1, right.length);
      }
    });
  }

  private void adjoint(Arr x, Arr y) {
    forEachPlane((plane, numbers, row) -> {
      Arrays.fill(numbers, 0, s.plane(), 0);
      for (int o = 0; o < down.length; o++) {
        Wide.read(x, plane * s.windows() + o * right.length, 1, row, right.length);
        for (int w = 0; w < right.length; w++) {
          row[w] /= down[o] * right[w];
        }
        for (int i = s.height().firstTap(o); i < s.height().endTap(o); i++) {
          scatter(row, numbers, s.height().source(o, i) * s.width().in());
        }
      }
      Wide.write(numbers, y, plane * s.plane(), 1, s.plane());
    });
  }

  /** Adds to every window of a row what it sees in one line of the plane. */
  private void gather(double[] numbers, int line, double[] row) {
    int stride = columns.stride();
    for (int j = 0; j < columns.taps(); j++) {
      int here = line + columns.source(j);
      int end = columns.end(j);
      for (int w = columns.first(j); w < end; w++, here += stride) {
        row[w] += numbers[here];
      }
    }
  }

  private void scatter(double[] row, double[] numbers, int line) {
    int stride = columns.stride();
    for (int j = 0; j < columns.taps(); j++) {
      int here = line + columns.source(j);
      int end = columns.end(j);
      for (int w = columns.first(j); w < end; w++, here += stride) {
        numbers[here] += row[w];
      }
    }
  }

  /** What is done with one plane, given room for its numbers and for a row of windows. */
  private interface Plane {
    void accept(int plane, double[] numbers, double[] row);
  }

  private void forEachPlane(Plane body) {
    Parallel.forEach(
        s.planes(),
        Math.max(1, GRAIN / Math.max(1, s.plane())),
        (first, last) -> {
          double[] numbers = Scratch.mine().numbers(0, s.plane());
          double[] row = Scratch.mine().numbers(1, right.length);
          for (int plane = first; plane < last; plane++) {
            body.accept(plane, numbers, row);
          }
        });
  }
}
