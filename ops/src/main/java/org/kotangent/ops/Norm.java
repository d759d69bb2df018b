package org.kotangent.ops;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.kotangent.ad.Arr;
import org.kotangent.ad.Core;
import org.kotangent.ad.Elementwise;
import org.kotangent.ad.Expr;
import org.kotangent.ad.Reduction;
import org.kotangent.ad.Residuals;
import org.kotangent.ad.Spec;
import org.kotangent.ad.Tensor;
import org.kotangent.ops.internal.Fold;
import org.kotangent.ops.internal.Step;

/**
 * √Σx² over axes, which are kept with size 1. The gradient is x/‖x‖, and 0 at 0, the subgradient of
 * least norm. Squares that leave the range of double are computed once more from scaled numbers.
 */
final class Norm extends AlongAxes {
  /** Below this a sum of squares may have lost digits to underflow. */
  private static final double TINY = 1e-280;

  /** x/y, and 0 where y is 0; the quotient sees a safe divisor there. */
  private static final Elementwise UNIT =
      Elementwise.binary(
          "unit",
          (x, y) -> isZero(y).select(Expr.of(0), x.div(y)),
          (x, y, u) -> isZero(y).select(Expr.of(0), safe(y).reciprocal()),
          (x, y, u) -> isZero(y).select(Expr.of(0), u.div(safe(y)).neg()));

  Norm(int[] axes) {
    super(axes);
  }

  private static Expr isZero(Expr y) {
    return y.equalTo(Expr.of(0));
  }

  private static Expr safe(Expr y) {
    return isZero(y).select(Expr.of(1), y);
  }

  @Override
  public String name() {
    return "norm";
  }

  @Override
  AlongAxes with(int[] other) {
    return new Norm(other);
  }

  @Override
  public Spec[] infer(Spec[] in) {
    Checks.requireFloating(name(), in, "x");
    return new Spec[] {in[0].withShape(Reduction.kept(in[0].shape(), axes))};
  }

  /** A square and a sum, then a root. */
  @Override
  public long flops(Spec[] in, Spec[] out) {
    return 2L * in[0].shape().size() + out[0].shape().size();
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    double[] scale = new double[out[0].size()];
    Arrays.fill(scale, 1);
    double[] squares = Fold.over(in[0], axes, Step.squares(scale));
    if (Arrays.stream(squares).allMatch(s -> s >= TINY && s <= Double.MAX_VALUE)) {
      for (int i = 0; i < scale.length; i++) {
        out[0].set(i, Math.sqrt(squares[i]));
      }
    } else {
      scaled(in[0], out[0], scale);
    }
  }

  /** The same with numbers brought to size 1 by powers of two, which rounds nothing. */
  private void scaled(Arr x, Arr y, double[] scale) {
    double[] most = Fold.over(x, axes, Step.largest(1));
    double[] least = Fold.over(x, axes, Step.largest(-1));
    for (int i = 0; i < scale.length; i++) {
      most[i] = Math.max(Math.max(most[i], least[i]), 0);
      scale[i] = Math.scalb(1.0, -Math.getExponent(most[i]));
    }
    double[] squares = Fold.over(x, axes, Step.squares(scale));
    for (int i = 0; i < scale.length; i++) {
      boolean itself = most[i] == 0 || most[i] == Double.POSITIVE_INFINITY;
      y.set(i, itself ? most[i] : Math.sqrt(squares[i]) / scale[i]);
    }
  }

  @Override
  public @Nullable Tensor[] jvp(Tensor[] x, Tensor[] y, @Nullable Tensor[] dx) {
    Tensor d = dx[0];
    return new @Nullable Tensor[] {
      d == null ? null : Core.sum(UNIT.apply(x[0], y[0]).times(d), axes, true)
    };
  }

  @Override
  public @Nullable Tensor[] vjp(Residuals r, @Nullable Tensor[] gy) {
    Tensor g = gy[0];
    return new @Nullable Tensor[] {g == null ? null : UNIT.apply(r.x(0), r.y(0)).times(g)};
  }
}
