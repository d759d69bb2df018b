package org.kotangent.ad;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/**
 * The derivative of a curve at 0 from its values alone: central differences for steps h, h/2, h/4,
 * …, whose error is a power series in h², extrapolated to step 0. The extrapolation that moved
 * least is taken, since later ones suffer from rounding. Source: Ridders 1982.
 *
 * <p>Steps at which the curve is not finite are left out, so that it may end close by.
 *
 * @param slope the derivative; NaN when no step was usable
 * @param error by how much the extrapolation last moved; ∞ when there was only one step
 * @param rounding what rounding of the curve's values may have done to the slope
 * @param roughness by how much the slopes differ, on the two sides of 0 beyond what curvature
 *     explains and from step to step, at the steps from which the derivative was found
 * @param corner whether those on the two sides stay apart as the steps shrink
 */
record Differences(double slope, double error, double rounding, double roughness, boolean corner) {
  private static final int FEWEST_STEPS = 4;
  private static final int MOST_STEPS = 16;

  /** Roundings in the last place that a value of the curve is trusted to have at most. */
  private static final double ROUNDINGS = 32;

  /**
   * A point of the curve.
   *
   * @param value the number
   * @param magnitude the size of the terms it is a sum of, to which its rounding error is relative
   */
  record Point(double value, double magnitude) {}

  /** What one step gives: the slopes ahead less behind, and the row of extrapolations. */
  private record Row(double difference, double rounding, List<Double> slopes) {}

  /** The extrapolation that moved least. */
  private record Best(int row, double slope, double error) {}

  /**
   * Differentiates a curve.
   *
   * @param first the largest step
   * @param unit the relative error of one rounding
   * @param wanted the relative error at which it is good enough
   */
  static Differences of(DoubleFunction<Point> curve, double first, double unit, double wanted) {
    Point centre = curve.apply(0);
    List<Row> rows = new ArrayList<>();
    Best best = new Best(0, Double.NaN, Double.POSITIVE_INFINITY);
    double step = first;
    for (int k = 0; k < MOST_STEPS; k++, step /= 2) {
      Point ahead = curve.apply(step);
      Point behind = curve.apply(-step);
      if (!Double.isFinite(ahead.value) || !Double.isFinite(behind.value)) {
        rows.clear();
        best = new Best(0, Double.NaN, Double.POSITIVE_INFINITY);
        continue;
      }
      List<Double> slopes = new ArrayList<>();
      slopes.add((ahead.value - behind.value) / (2 * step));
      if (rows.isEmpty()) {
        best = new Best(0, slopes.getFirst(), Double.POSITIVE_INFINITY);
      } else {
        best = extrapolate(rows.getLast().slopes, slopes, rows.size(), best);
      }
      double size = Math.max(centre.magnitude, Math.max(ahead.magnitude, behind.magnitude));
      double difference = (ahead.value - 2 * centre.value + behind.value) / step;
      rows.add(new Row(difference, ROUNDINGS * unit * size / step, slopes));
      if (rows.size() >= FEWEST_STEPS
          && best.error <= wanted * Math.abs(best.slope) + rows.get(best.row).rounding) {
        break;
      }
    }
    if (rows.isEmpty()) {
      return new Differences(Double.NaN, Double.POSITIVE_INFINITY, 0, 0, false);
    }
    return of(rows, best, wanted);
  }

  /** Extends a row by means of the one before, and says which extrapolation moved least so far. */
  private static Best extrapolate(List<Double> before, List<Double> slopes, int row, Best best) {
    double factor = 4;
    for (double coarse : before) {
      double fine = slopes.getLast();
      double next = fine + (fine - coarse) / (factor - 1);
      double moved = Math.max(Math.abs(next - fine), Math.abs(next - coarse));
      if (moved < best.error) {
        best = new Best(row, next, moved);
      }
      slopes.add(next);
      factor *= 4;
    }
    return best;
  }

  private static Differences of(List<Row> rows, Best best, double wanted) {
    double rounding = rows.get(best.row).rounding;
    int last = Math.min(Math.max(best.row, FEWEST_STEPS - 1), rows.size() - 1);
    double roughness = 0;
    for (int k = Math.max(1, last - 1); k <= last; k++) {
      double drift = rows.get(k).slopes.getFirst() - rows.get(k - 1).slopes.getFirst();
      roughness = Math.max(roughness, Math.max(jump(rows, k), Math.abs(drift)));
    }
    boolean corner =
        last > 0
            && jump(rows, last) > 10 * (wanted * Math.abs(best.slope) + rounding)
            && jump(rows, last) > 0.5 * jump(rows, 1);
    return new Differences(best.slope, best.error, rounding, roughness, corner);
  }

  /**
   * The slope ahead less the slope behind is h·f″ for a smooth curve, so of two such with steps h
   * and h/2 twice the second less the first vanishes quickly; at a corner it is the jump of the
   * slope.
   */
  private static double jump(List<Row> rows, int k) {
    return Math.abs(2 * rows.get(k).difference - rows.get(k - 1).difference);
  }
}
