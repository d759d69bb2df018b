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
 * @param corner whether the slopes on the two sides of 0 stay apart as the steps shrink
 */
record Differences(double slope, double error, double rounding, boolean corner) {
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

  /**
   * Differentiates a curve.
   *
   * @param first the largest step
   * @param unit the relative error of one rounding
   * @param wanted the relative error at which it is good enough
   */
  static Differences of(DoubleFunction<Point> curve, double first, double unit, double wanted) {
    Point centre = curve.apply(0);
    List<Double> jumps = new ArrayList<>();
    List<Double> previous = List.of();
    Differences best = new Differences(Double.NaN, Double.POSITIVE_INFINITY, 0, false);
    double step = first;
    for (int k = 0; k < MOST_STEPS; k++, step /= 2) {
      Point ahead = curve.apply(step);
      Point behind = curve.apply(-step);
      if (!Double.isFinite(ahead.value) || !Double.isFinite(behind.value)) {
        previous = List.of();
        jumps.clear();
        continue;
      }
      double size = Math.max(centre.magnitude, Math.max(ahead.magnitude, behind.magnitude));
      double rounding = ROUNDINGS * unit * size / step;
      jumps.add((ahead.value - 2 * centre.value + behind.value) / step);
      List<Double> row = new ArrayList<>();
      row.add((ahead.value - behind.value) / (2 * step));
      if (Double.isNaN(best.slope)) {
        best = new Differences(row.getFirst(), Double.POSITIVE_INFINITY, rounding, false);
      }
      double factor = 4;
      for (double coarse : previous) {
        double fine = row.getLast();
        double next = fine + (fine - coarse) / (factor - 1);
        double moved = Math.max(Math.abs(next - fine), Math.abs(next - coarse));
        if (moved < best.error) {
          best = new Differences(next, moved, rounding, false);
        }
        row.add(next);
        factor *= 4;
      }
      previous = row;
      if (row.size() > 3 && best.error <= wanted * Math.abs(best.slope) + rounding) {
        break;
      }
    }
    return new Differences(
        best.slope, best.error, best.rounding, isCorner(jumps, best.rounding, wanted * best.slope));
  }

  /**
   * The slope ahead less the slope behind is h·f″ for a smooth curve, so of two such with steps h
   * and h/2 twice the second less the first vanishes quickly; at a corner it is the jump of the
   * slope.
   */
  private static boolean isCorner(List<Double> jumps, double rounding, double tolerance) {
    if (jumps.size() < 3) {
      return false;
    }
    double first = 2 * jumps.get(1) - jumps.get(0);
    double last = 2 * jumps.getLast() - jumps.get(jumps.size() - 2);
    return Math.abs(last) > 10 * (Math.abs(tolerance) + rounding)
        && Math.abs(last) > 0.5 * Math.abs(first);
  }
}
