package org.kotangent.ops;

import org.kotangent.ad.Core;
import org.kotangent.ad.DType;
import org.kotangent.ad.DTypeException;
import org.kotangent.ad.ShapeException;
import org.kotangent.ad.Tensor;

/**
 * Many numbers to one, along any axes: [.., k, ..] → [.., ..], or [.., 1, ..] where axes are kept.
 * {@code sum(x)} takes all axes, {@code sum(x, 0, -1)} the first and the last, {@code sum(x,
 * Axes.keep(1))} one that remains with size 1.
 *
 * <p>Sums are accumulated in double, in an order that depends on the shape alone. Where not said
 * otherwise the operations take floating numbers, NaN among them gives NaN, and they throw {@link
 * ShapeException} when an axis does not exist or is named twice and {@link DTypeException} when x
 * is of another type.
 */
public final class Reduce {
  private Reduce() {}

  /** Σ x; 0 of nothing. Also of I32. */
  public static Tensor sum(Tensor x, int... axes) {
    return sum(x, Axes.drop(axes));
  }

  /** Σ x; see {@link #sum(Tensor, int...)}. */
  public static Tensor sum(Tensor x, Axes axes) {
    return axes.finish(Core.sum(x, axes.of(x.shape()), true), x);
  }

  /** Σ x / n, the mean of equal numbers being that number exactly; NaN of nothing. */
  public static Tensor mean(Tensor x, int... axes) {
    return mean(x, Axes.drop(axes));
  }

  /** Mean; see {@link #mean(Tensor, int...)}. */
  public static Tensor mean(Tensor x, Axes axes) {
    return axes.finish(new Mean(axes.of(x.shape())).apply(x), x);
  }

  /**
   * The largest number. Where k of them tie, each has the derivative 1/k; where there are NaN they
   * are what ties. Also of I32.
   *
   * @throws ShapeException when there are no numbers
   */
  public static Tensor max(Tensor x, int... axes) {
    return max(x, Axes.drop(axes));
  }

  /** The largest number; see {@link #max(Tensor, int...)}. */
  public static Tensor max(Tensor x, Axes axes) {
    return axes.finish(new Extremum(axes.of(x.shape()), true).apply(x), x);
  }

  /**
   * The smallest number. Where k of them tie, each has the derivative 1/k; where there are NaN they
   * are what ties. Also of I32.
   *
   * @throws ShapeException when there are no numbers
   */
  public static Tensor min(Tensor x, int... axes) {
    return min(x, Axes.drop(axes));
  }

  /** The smallest number; see {@link #min(Tensor, int...)}. */
  public static Tensor min(Tensor x, Axes axes) {
    return axes.finish(new Extremum(axes.of(x.shape()), false).apply(x), x);
  }

  /** Π x, with derivatives of any order that are right at zeros; 1 of nothing. Also of I32. */
  public static Tensor prod(Tensor x, int... axes) {
    return prod(x, Axes.drop(axes));
  }

  /** Product; see {@link #prod(Tensor, int...)}. */
  public static Tensor prod(Tensor x, Axes axes) {
    return axes.finish(Product.of(x, axes.of(x.shape())), x);
  }

  /**
   * ln Σ eˣ without overflow: −∞ of nothing or of −∞ alone, then with gradient 0; +∞ if one is. The
   * gradient is the softmax of x, in which k numbers of +∞ count 1/k each.
   */
  public static Tensor logSumExp(Tensor x, int... axes) {
    return logSumExp(x, Axes.drop(axes));
  }

  /** ln Σ eˣ; see {@link #logSumExp(Tensor, int...)}. */
  public static Tensor logSumExp(Tensor x, Axes axes) {
    return axes.finish(new LogSumExp(axes.of(x.shape())).apply(x), x);
  }

  /** Euclidean norm √Σx² without overflow; 0 of nothing. The derivative at 0 is 0. */
  public static Tensor norm(Tensor x, int... axes) {
    return norm(x, Axes.drop(axes));
  }

  /** Euclidean norm; see {@link #norm(Tensor, int...)}. */
  public static Tensor norm(Tensor x, Axes axes) {
    return axes.finish(new Norm(axes.of(x.shape())).apply(x), x);
  }

  /** Variance of the population, Σ (x − mean)² / n; NaN of nothing. */
  public static Tensor variance(Tensor x, int... axes) {
    return variance(x, Axes.drop(axes));
  }

  /** Variance of the population; see {@link #variance(Tensor, int...)}. */
  public static Tensor variance(Tensor x, Axes axes) {
    return variance(x, axes, 0);
  }

  /**
   * Variance Σ (x − mean)² / (n − correction): 0 for that of a population, 1 for the unbiased
   * estimate from a sample. NaN where n is not above the correction.
   */
  public static Tensor variance(Tensor x, Axes axes, double correction) {
    Tensor centred = Mean.centred("variance", x, axes.of(x.shape()));
    Tensor squares = Core.sum(Elementary.square(centred), axes.of(x.shape()), true);
    return axes.finish(squares.div(Math.max(0, axes.count(x) - correction)), x);
  }

  /** Standard deviation of the population, √variance; derivative 0 where all numbers are equal. */
  public static Tensor std(Tensor x, int... axes) {
    return std(x, Axes.drop(axes));
  }

  /** Standard deviation of the population; see {@link #std(Tensor, int...)}. */
  public static Tensor std(Tensor x, Axes axes) {
    return std(x, axes, 0);
  }

  /**
   * Standard deviation, √variance with the given correction; see {@link #variance(Tensor, Axes,
   * double)}.
   */
  public static Tensor std(Tensor x, Axes axes, double correction) {
    Tensor centred = Mean.centred("std", x, axes.of(x.shape()));
    Tensor norm = new Norm(axes.of(x.shape())).apply(centred);
    return axes.finish(norm.div(Math.sqrt(Math.max(0, axes.count(x) - correction))), x);
  }

  /**
   * The index of the largest number along an axis, the first of several; of the first NaN if there
   * is one. [.., k, ..] → [.., ..] of type {@link DType#I32}. Also of I32; not differentiated.
   *
   * @throws ShapeException when there are no numbers
   */
  public static Tensor argMax(Tensor x, int axis) {
    return new ArgExtremum(x.shape().axis(axis), true).apply(x);
  }

  /**
   * The index of the smallest number along an axis, the first of several; of the first NaN if there
   * is one. [.., k, ..] → [.., ..] of type {@link DType#I32}. Also of I32; not differentiated.
   *
   * @throws ShapeException when there are no numbers
   */
  public static Tensor argMin(Tensor x, int axis) {
    return new ArgExtremum(x.shape().axis(axis), false).apply(x);
  }

  /** Running sums along an axis: y_k = x_0 + … + x_k. [*s] → [*s]. Also of I32. */
  public static Tensor cumSum(Tensor x, int axis) {
    return new CumSum(x.shape().axis(axis), false).apply(x);
  }
}
