package org.kotangent.ops;

import org.jspecify.annotations.Nullable;
import org.kotangent.ad.Arr;
import org.kotangent.ad.Core;
import org.kotangent.ad.Reduction;
import org.kotangent.ad.Residuals;
import org.kotangent.ad.Spec;
import org.kotangent.ad.Tensor;
import org.kotangent.ops.internal.Fold;
import org.kotangent.ops.internal.Step;

/**
 * ln Σ eˣ over axes, which are kept with size 1, as m + ln Σ eˣ⁻ᵐ with the largest number m. The
 * gradient is the softmax of x, taken from x itself: eˣ⁻ʸ would inherit the rounding of y, which is
 * large where y is.
 */
final class LogSumExp extends AlongAxes {
  LogSumExp(int[] axes) {
    super(axes);
  }

  @Override
  public String name() {
    return "logSumExp";
  }

  @Override
  AlongAxes with(int[] other) {
    return new LogSumExp(other);
  }

  @Override
  public Spec[] infer(Spec[] in) {
    Checks.requireFloating(name(), in, "x");
    return new Spec[] {in[0].withShape(Reduction.kept(in[0].shape(), axes))};
  }

  /** A maximum, the distance from it, its exponential, a sum; then a logarithm, added. */
  @Override
  public long flops(Spec[] in, Spec[] out) {
    return 4L * in[0].shape().size() + 2L * out[0].shape().size();
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    double[] largest = Fold.over(in[0], axes, Step.largest(1));
    double[] sum = Fold.over(in[0], axes, Step.exponentials(largest));
    for (int i = 0; i < sum.length; i++) {
      out[0].set(i, largest[i] + Math.log(sum[i]));
    }
  }

  @Override
  public boolean needsOutput(int j, boolean[] active) {
    return false;
  }

  @Override
  public @Nullable Tensor[] jvp(Tensor[] x, Tensor[] y, @Nullable Tensor[] dx) {
    Tensor d = dx[0];
    return new @Nullable Tensor[] {
      d == null ? null : Core.sum(Softmaxes.softmax(x[0], axes).times(d), axes, true)
    };
  }

  @Override
  public @Nullable Tensor[] vjp(Residuals r, @Nullable Tensor[] gy) {
    Tensor g = gy[0];
    return new @Nullable Tensor[] {g == null ? null : Softmaxes.softmax(r.x(0), axes).times(g)};
  }
}
