package org.kotangent.ops;

import java.util.List;
import org.kotangent.ad.DType;
import org.kotangent.ad.DTypeException;
import org.kotangent.ad.DomainException;
import org.kotangent.ad.Elementwise;
import org.kotangent.ad.Expr;
import org.kotangent.ad.ScalarOp;
import org.kotangent.ad.ShapeException;
import org.kotangent.ad.Tensor;

/**
 * Losses. Each comes twice: unreduced, one number for every example, and as {@code mean…} over all
 * of these numbers, a scalar. Logarithms are natural, so entropies are in nats.
 */
public final class Loss {
  private static final Elementwise LOGISTIC =
      Elementwise.binary(
          "binaryCrossEntropyWithLogits",
          (z, t) ->
              unlessZero(t, softplus(z.neg())).plus(unlessZero(Expr.of(1).minus(t), softplus(z))),
          (z, t, y) -> sigmoid(z).minus(t),
          (z, t, y) -> z.neg());

  private Loss() {}

  /**
   * Cross-entropy of the softmax of scores against classes: y = −ln softmax(scores)[label], or y =
   * −Σ targets·ln softmax(scores) for one-hot or soft targets, which need not sum to 1.
   *
   * <p>[n, classes] and labels [n] → [n]; fields [n, classes, u…] and labels [n, u…] → [n, u…];
   * floating targets have the shape of the scores.
   *
   * <p>Exact at any magnitude of the scores; a score of −∞ is an impossible class, whose label
   * costs +∞ and whose zero target costs nothing. The gradient in the scores is softmax − one-hot;
   * targets are differentiated too, labels are not. Source: Boué 2018, §3; Vedaldi 2022, eq. 3.20.
   *
   * @param scores unnormalised log-probabilities, classes as axis 1
   * @param target labels of type I32, or targets of the type of the scores
   * @throws ShapeException when the shapes do not fit
   * @throws DomainException when a label is not one of the classes
   * @throws DTypeException when scores or targets are not of one floating type
   */
  public static Tensor softmaxCrossEntropy(Tensor scores, Tensor target) {
    return target.dtype() == DType.I32
        ? CrossEntropy.ofLabels(scores, target)
        : CrossEntropy.ofTargets(scores, target);
  }

  /**
   * Mean of {@link #softmaxCrossEntropy} over all examples (and positions of a field). [n, classes,
   * u…] → [].
   */
  public static Tensor meanSoftmaxCrossEntropy(Tensor scores, Tensor target) {
    return Reduce.mean(softmaxCrossEntropy(scores, target));
  }

  /**
   * Squared error y = (prediction − target)², element by element. [*s], [*s] → [*s].
   *
   * @throws ShapeException when the shapes differ; nothing is broadcast
   * @throws DTypeException when the operands differ in type
   */
  public static Tensor squaredError(Tensor prediction, Tensor target) {
    requireSameShape("squaredError", "prediction", prediction, target);
    return Elementary.square(prediction.minus(target));
  }

  /** Mean of {@link #squaredError} over all elements. [*s], [*s] → []. */
  public static Tensor meanSquaredError(Tensor prediction, Tensor target) {
    return Reduce.mean(squaredError(prediction, target));
  }

  /**
   * Cross-entropy of σ(z) against the probability t of class 1, element by element: y = −t·ln σ(z)
   * − (1 − t)·ln(1 − σ(z)). [*s], [*s] → [*s].
   *
   * <p>Exact at any magnitude of z; at z = ±∞ it is 0 where t agrees and +∞ where it does not. The
   * gradient in z is σ(z) − t; t is differentiated too. Source: Vedaldi 2022, eq. 2.7.
   *
   * @param logits log-odds z of class 1
   * @param target probabilities t in [0, 1]
   * @throws ShapeException when the shapes differ; nothing is broadcast
   * @throws DTypeException when the operands are not of one floating type
   */
  public static Tensor binaryCrossEntropyWithLogits(Tensor logits, Tensor target) {
    requireSameShape("binaryCrossEntropyWithLogits", "logits", logits, target);
    return LOGISTIC.apply(logits, target);
  }

  /** Mean of {@link #binaryCrossEntropyWithLogits} over all elements. [*s], [*s] → []. */
  public static Tensor meanBinaryCrossEntropyWithLogits(Tensor logits, Tensor target) {
    return Reduce.mean(binaryCrossEntropyWithLogits(logits, target));
  }

  private static void requireSameShape(String op, String name, Tensor a, Tensor target) {
    if (!a.shape().equals(target.shape())) {
      throw Checks.shape(
          op,
          "shapes must be equal",
          name + ": " + a.shape() + ", target: " + target.shape(),
          "reshape one of them");
    }
  }

  /** weight·x, which is 0 where the weight is 0 even if x is infinite. */
  private static Expr unlessZero(Expr weight, Expr x) {
    return weight.equalTo(Expr.of(0)).select(Expr.of(0), weight.times(x));
  }

  /** ln(1 + eᶻ) without overflow. */
  private static Expr softplus(Expr z) {
    return new Expr.Apply(ScalarOp.SOFTPLUS, List.of(z));
  }

  /**
   * 1/(1 + e⁻ᶻ). Each branch sees only its half of the line, so neither overflows and derivatives
   * of any order, which select between the branches too, stay finite.
   */
  private static Expr sigmoid(Expr z) {
    Expr negative = z.less(Expr.of(0));
    Expr small = negative.select(z, Expr.of(0)).exp();
    Expr large = negative.select(Expr.of(0), z).neg().exp();
    return negative.select(small.div(small.plus(1)), large.plus(1).reciprocal());
  }
}
