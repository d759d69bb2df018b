package org.kotangent.ops;

import java.util.List;
import org.kotangent.ad.Elementwise;
import org.kotangent.ad.Expr;
import org.kotangent.ad.ScalarOp;

/**
 * The rules of the activation functions. A partial is differentiated in turn when derivatives nest,
 * so it is written in a form that is smooth wherever the function is and that neither overflows nor
 * cancels: from the result y where possible, and never through |x|.
 */
final class Activations {
  /** Beyond ±FAR the tails of the functions below are flat in either type; 0·∞ is avoided there. */
  private static final double FAR = 1000;

  /** max(x, 0); y′ = 1 where y &gt; 0. */
  static final Elementwise RELU =
      Elementwise.unary(
          "relu",
          x -> x.max(Expr.of(0)),
          (x, y) -> Expr.of(0).less(y).select(Expr.of(1), Expr.of(0)));

  /** x where x &gt; 0, else s·x. The slope is an operand, so that one loop serves all slopes. */
  static final Elementwise LEAKY_RELU =
      Elementwise.binary(
          "leakyRelu",
          (x, s) -> Expr.of(0).less(x).select(x, s.times(x)),
          (x, s, y) -> Expr.of(0).less(x).select(Expr.of(1), s),
          (x, s, y) -> Expr.of(0).less(x).select(Expr.of(0), x));

  /** ln(1 + eˣ); y′ = 1 − e⁻ʸ, which is the sigmoid of x without cancellation. */
  static final Elementwise SOFTPLUS =
      Elementwise.unary(
          "softplus",
          x -> new Expr.Apply(ScalarOp.SOFTPLUS, List.of(x)),
          (x, y) -> y.neg().expm1().neg());

  /** x where x &gt; 0, else a(eˣ − 1); y′ = 1 or y + a. The exponential sees no positive number. */
  static final Elementwise ELU =
      Elementwise.binary(
          "elu",
          (x, a) -> Expr.of(0).less(x).select(x, a.times(negativePart(x).expm1())),
          (x, a, y) -> Expr.of(0).less(x).select(Expr.of(1), y.plus(a)),
          (x, a, y) -> negativePart(x).expm1());

  /** x·σ(x); y′ = σ + x·σ(1 − σ). */
  static final Elementwise SILU =
      Elementwise.unary(
          "silu",
          x -> notFarBelow(x).times(x.sigmoid()),
          (x, y) -> {
            Expr s = x.times(0.5).tanh().times(0.5).plus(0.5);
            return s.plus(near(x).times(s.times(Expr.of(1).minus(s))));
          });

  /** x·Φ(x) with the distribution function Φ of the standard normal; y′ = Φ + x·Φ′. */
  static final Elementwise GELU =
      Elementwise.unary(
          "gelu",
          x -> notFarBelow(x).times(normal(x)),
          (x, y) ->
              normal(x)
                  .plus(
                      near(x)
                          .times(
                              near(x)
                                  .square()
                                  .times(-0.5)
                                  .exp()
                                  .times(1 / Math.sqrt(2 * Math.PI)))));

  private Activations() {}

  private static Expr normal(Expr x) {
    return new Expr.Apply(ScalarOp.ERF, List.of(x.times(Math.sqrt(0.5)))).times(0.5).plus(0.5);
  }

  private static Expr negativePart(Expr x) {
    return Expr.of(0).less(x).select(Expr.of(0), x);
  }

  private static Expr notFarBelow(Expr x) {
    return x.max(Expr.of(-FAR));
  }

  private static Expr near(Expr x) {
    return notFarBelow(x).min(Expr.of(FAR));
  }
}
