package org.kotangent.ops;

import org.jspecify.annotations.Nullable;
import org.kotangent.ad.Arr;
import org.kotangent.ad.Core;
import org.kotangent.ad.DType;
import org.kotangent.ad.Elementwise;
import org.kotangent.ad.Expr;
import org.kotangent.ad.Reduction;
import org.kotangent.ad.Residuals;
import org.kotangent.ad.Spec;
import org.kotangent.ad.Tensor;
import org.kotangent.ops.internal.Fold;
import org.kotangent.ops.internal.Step;

/**
 * The largest or smallest number along axes, which are kept with size 1. k numbers that tie share
 * the derivative, 1/k each, which is the subgradient of least norm; where there are NaN they tie.
 */
final class Extremum extends AlongAxes {
  /** Whether x is where the extremum y comes from. */
  private static final Elementwise TIES =
      Elementwise.binary(
          "ties",
          (x, y) -> x.equalTo(y).or(x.equalTo(x).not()),
          (x, y, mask) -> Expr.of(0),
          (x, y, mask) -> Expr.of(0));

  private final boolean largest;

  Extremum(int[] axes, boolean largest) {
    super(axes);
    this.largest = largest;
  }

  @Override
  public String name() {
    return largest ? "reduceMax" : "reduceMin";
  }

  @Override
  AlongAxes with(int[] other) {
    return new Extremum(other, largest);
  }

  @Override
  public Spec[] infer(Spec[] in) {
    Spec y = in[0].withShape(Reduction.kept(in[0].shape(), axes));
    String op = largest ? "max" : "min";
    if (in[0].dtype() == DType.BOOL) {
      throw Checks.dtype(op, "needs numbers", "x: " + in[0], "convert with to(DType.I32)");
    }
    if (in[0].shape().size() == 0 && y.shape().size() > 0) {
      throw Checks.shape(
          op,
          "there is none of no numbers",
          "x: " + in[0] + ", axes: " + attributes(),
          "reduce over axes that are not empty");
    }
    return new Spec[] {y};
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    double sign = largest ? 1 : -1;
    double[] y = Fold.over(in[0], axes, Step.largest(sign));
    for (int i = 0; i < out[0].size(); i++) {
      out[0].set(i, sign * y[i]);
    }
  }

  @Override
  public @Nullable Tensor[] jvp(Tensor[] x, Tensor[] y, @Nullable Tensor[] dx) {
    Tensor d = dx[0];
    if (d == null) {
      return new @Nullable Tensor[] {null};
    }
    Tensor ties = TIES.apply(x[0], y[0]);
    Tensor chosen = Core.select(ties, d, d.like(0));
    return new Tensor[] {Core.sum(chosen, axes, true).div(count(ties, d))};
  }

  @Override
  public @Nullable Tensor[] vjp(Residuals r, @Nullable Tensor[] gy) {
    Tensor g = gy[0];
    if (g == null) {
      return new @Nullable Tensor[] {null};
    }
    Tensor ties = TIES.apply(r.x(0), r.y(0));
    return new Tensor[] {Core.select(ties, g.div(count(ties, g)), g.like(0))};
  }

  private Tensor count(Tensor ties, Tensor like) {
    return Core.sum(ties.to(like.dtype()), axes, true);
  }
}
