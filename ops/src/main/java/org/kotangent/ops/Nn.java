package org.kotangent.ops;

import org.kotangent.ad.Core;
import org.kotangent.ad.DType;
import org.kotangent.ad.DTypeException;
import org.kotangent.ad.DomainException;
import org.kotangent.ad.Shape;
import org.kotangent.ad.ShapeException;
import org.kotangent.ad.Spec;
import org.kotangent.ad.Tensor;

/** Operations of neural networks. Images are [n, channels, rows, columns]. */
public final class Nn {
  private Nn() {}

  /**
   * Batch normalisation of a batch by its own statistics.
   *
   * @param y the normalised, scaled and shifted numbers
   * @param mean the mean of each channel, [c]
   * @param variance the population variance of each channel, [c]
   */
  public record BatchNormed(Tensor y, Tensor mean, Tensor variance) {}

  /**
   * Affine map y = x·w + b. [*p, in] · [in, out] + [out] → [*p, out]. Source: Boué 2018, eq. 17.
   *
   * @throws ShapeException when the shapes do not fit
   * @throws DTypeException when the operands are not of one floating type
   */
  public static Tensor linear(Tensor x, Tensor w, Tensor b) {
    if (w.rank() != 2
        || x.rank() < 1
        || x.dim(-1) != w.dim(0)
        || !b.shape().equals(Shape.of(w.dim(1)))) {
      throw Checks.shape(
          "linear",
          "needs x [*, in], w [in, out] and b [out]",
          "x: " + x.shape() + ", w: " + w.shape() + ", b: " + b.shape(),
          "flatten x or give weights for its last axis");
    }
    return Linalg.matmul(x, w).plus(b);
  }

  /**
   * Two-dimensional convolution (correlation: filters are not flipped) with stride 1 and no
   * padding; see {@link #conv2d(Tensor, Tensor, Conv2d)}.
   */
  public static Tensor conv2d(Tensor x, Tensor w) {
    return conv2d(x, w, Conv2d.standard());
  }

  /**
   * Two-dimensional convolution (correlation: filters are not flipped),
   *
   * <pre>
   * y[n, f, i, j] = Σ w[f, c, p, q] · x[n, c, i·S − P + p·D, j·S′ − P′ + q·D′]
   * </pre>
   *
   * <p>with stride S, padding P of zeros and dilation D; in groups, a filter sees only the channels
   * of its own. [n, c, h, w], [filters, c/groups, height, width] → [n, filters, oh, ow], where oh =
   * 1 + ⌊(h + P₋ + P₊ − D(height − 1) − 1)/S⌋.
   *
   * <p>Source: Vedaldi 2022, eq. 3.2–3.4; Boué 2018, eq. 31 for the gradients.
   *
   * @throws ShapeException when the channels disagree, the groups do not divide the filters or the
   *     window does not fit into the padded image
   * @throws DTypeException when the operands are not of one floating type
   */
  public static Tensor conv2d(Tensor x, Tensor w, Conv2d conv) {
    return Convolutions.forward(x, w, conv);
  }

  /**
   * {@link #conv2d(Tensor, Tensor, Conv2d)} plus a number per filter, b: [filters].
   *
   * @throws ShapeException when b does not have one number per filter
   */
  public static Tensor conv2d(Tensor x, Tensor w, Tensor b, Conv2d conv) {
    Tensor y = conv2d(x, w, conv);
    if (!b.shape().equals(Shape.of(w.dim(0)))) {
      throw Checks.shape(
          "conv2d",
          "b must have one number per filter",
          "w: " + w.shape() + ", b: " + b.shape(),
          "use shape [" + w.dim(0) + "]");
    }
    return y.plus(Core.reshape(b, Shape.of(b.size(), 1, 1))); // [f] → [f, 1, 1]
  }

  /**
   * The largest number of each window; padding counts as −∞. [*, h, w] → [*, oh, ow], with as many
   * windows as {@link #conv2d} has, or one more with {@link Pool2d#ceil}.
   *
   * <p>Its derivative goes to the first of several largest numbers, in row-major order; a NaN in a
   * window is its maximum. Source: Boué 2018, eq. 22; Vedaldi 2022, eq. 3.9.
   *
   * @throws ShapeException when x has fewer than two axes, a window does not fit or one sees
   *     padding only
   * @throws DTypeException when x is not floating
   */
  public static Tensor maxPool2d(Tensor x, Pool2d pool) {
    return Pools.max(x, pool);
  }

  /**
   * The mean of each window; padding counts as zeros, or not at all without {@link
   * Pool2d#countPadding}. [*, h, w] → [*, oh, ow], as for {@link #maxPool2d}.
   *
   * <p>Source: Vedaldi 2022, eq. 3.11.
   *
   * @throws ShapeException when x has fewer than two axes, a window does not fit or one sees
   *     padding only
   * @throws DTypeException when x is not floating
   */
  public static Tensor avgPool2d(Tensor x, Pool2d pool) {
    return Pools.mean(x, pool);
  }

  /**
   * Batch normalisation in training, y = γ(x − μ)/√(σ² + ε) + β, where μ and σ² are the mean and
   * the population variance of each channel over the batch and all positions. x: [n, c, *s]; γ, β,
   * μ, σ²: [c].
   *
   * <p>μ and σ² are differentiable results. A constant channel gives β and zero gradient in x,
   * unless ε = 0, where it gives NaN. Source: Boué 2018, §9 and eq. 41–43.
   *
   * @throws ShapeException when x has fewer than two axes or no number in a channel, or γ or β do
   *     not have one number per channel
   * @throws DTypeException when the operands are not of one floating type
   * @throws DomainException when ε is negative or NaN
   */
  public static BatchNormed batchNorm(Tensor x, Tensor gamma, Tensor beta, double epsilon) {
    requireEpsilon(epsilon);
    var results = BatchNorm.apply(x, gamma, beta, epsilon);
    return new BatchNormed(results.get(0), results.get(1), results.get(2));
  }

  /**
   * Batch normalisation in inference: {@link #batchNorm(Tensor, Tensor, Tensor, double)} with given
   * statistics, those of the population.
   */
  public static Tensor batchNorm(
      Tensor x, Tensor gamma, Tensor beta, Tensor mean, Tensor variance, double epsilon) {
    requireEpsilon(epsilon);
    return BatchNorm.withStatistics(x, gamma, beta, mean, variance, epsilon);
  }

  private static void requireEpsilon(double epsilon) {
    if (!(epsilon >= 0)) {
      throw Checks.domain(
          "batchNorm", "epsilon must not be negative", "epsilon: " + epsilon, "use 1e-5");
    }
  }

  /**
   * Softmax over the given axes together, or over all of them when none is given: y = eˣ/Σ eˣ. [*s]
   * → [*s].
   *
   * <p>Exact at any magnitude; −∞ gives 0. Where k numbers are +∞ they share 1/k each; where all
   * are −∞ the result is 0. Source: Vedaldi 2022, eq. 3.18.
   *
   * @throws ShapeException when an axis does not exist or is named twice
   * @throws DTypeException when x is not floating
   */
  public static Tensor softmax(Tensor x, int... axes) {
    return Softmaxes.softmax(x, axes);
  }

  /**
   * Logarithm of {@link #softmax}, y = x − ln Σ eˣ. [*s] → [*s].
   *
   * <p>Exact at any magnitude; where all numbers are −∞ so is the result.
   *
   * @throws ShapeException when an axis does not exist or is named twice
   * @throws DTypeException when x is not floating
   */
  public static Tensor logSoftmax(Tensor x, int... axes) {
    return Softmaxes.logSoftmax(x, axes);
  }

  /**
   * Each number set to 0 with a probability, or else divided by that of staying, so that the mean
   * is kept. [*s] → [*s].
   *
   * <p>What is dropped depends on the key and the shape alone; the cotangent of what is dropped is
   * exactly 0. Source: Srivastava et al. 2014, §10 ("inverted").
   *
   * @param rate the probability of being dropped
   * @throws DomainException unless 0 ≤ rate &lt; 1
   * @throws DTypeException when x is not floating
   */
  public static Tensor dropout(Tensor x, double rate, Key key) {
    if (!(rate >= 0 && rate < 1)) {
      throw Checks.domain(
          "dropout",
          "rate must lie in [0, 1)",
          "rate: " + rate,
          "use the probability of being dropped");
    }
    Checks.requireFloating("dropout", new Spec[] {x.spec()}, "x");
    var kept = Random.bernoulli(key, 1 - rate, x.shape().toArray());
    return Elementary.where(kept, x.div(1 - rate), x.like(0));
  }

  /**
   * Labels as indicator vectors of the given type: 1 at the label, else 0. [n, u…] → [n, classes,
   * u…].
   *
   * @throws DomainException when a label is not one of the classes
   * @throws DTypeException when the labels are not of type I32
   */
  public static Tensor oneHot(Tensor labels, int classes, DType dtype) {
    return OneHot.of(labels, classes, dtype);
  }
}
