package org.kotangent.ops;

import java.util.Arrays;
import java.util.Optional;
import org.kotangent.ad.Arr;
import org.kotangent.ad.Batching;
import org.kotangent.ad.Core;
import org.kotangent.ad.DType;
import org.kotangent.ad.Linear;
import org.kotangent.ad.Reduction;
import org.kotangent.ad.Shape;
import org.kotangent.ad.Spec;
import org.kotangent.ad.Sums;
import org.kotangent.ad.Tensor;
import org.kotangent.ops.internal.Fold;
import org.kotangent.ops.internal.Step;

/**
 * Mean over axes, which are kept with size 1. In F64 the mean m of a first pass is corrected by the
 * mean of x − m, which makes the mean of equal numbers that number exactly; in F32 the sums, held
 * in double, are exact there anyway.
 */
final class Mean extends Linear {
  private final int[] axes;

  Mean(int[] axes) {
    this.axes = axes;
  }

  /** x less its mean over the given axes; {@code op} is on whose behalf. */
  static Tensor centred(String op, Tensor x, int[] axes) {
    Checks.requireFloating(op, new Spec[] {x.spec()}, "x");
    return x.minus(new Mean(axes).apply(x));
  }

  @Override
  public String name() {
    return "mean";
  }

  @Override
  public Object attributes() {
    return Axes.attributes(axes);
  }

  @Override
  public Spec[] infer(Spec[] in) {
    Checks.requireFloating(name(), in, "x");
    return new Spec[] {in[0].withShape(Reduction.kept(in[0].shape(), axes))};
  }

  @Override
  public long flops(Spec[] in, Spec[] out) {
    return (long) in[0].shape().size() + out[0].shape().size();
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    Arr x = in[0];
    Arr y = out[0];
    Optional<Sums> sums = sums(x.spec());
    if (sums.isPresent()) {
      sums.get().of(x, y);
    } else {
      corrected(x, y);
    }
  }

  /** In F64 the terms are read twice. */
  @Override
  public Optional<Sums> sums(Spec x) {
    return x.dtype() == DType.F32
        ? Optional.of(new Sums(Arrays.stream(axes).boxed().toList(), terms(x.shape())))
        : Optional.empty();
  }

  private double terms(Shape x) {
    return (double) x.size() / Reduction.kept(x, axes).size();
  }

  private void corrected(Arr x, Arr y) {
    double n = terms(x.shape());
    double[] mean = Fold.over(x, axes, Step.differences(new double[y.size()]));
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= n;
    }
    double[] rest = Fold.over(x, axes, Step.differences(mean));
    for (int i = 0; i < mean.length; i++) {
      y.set(i, mean[i] + (Double.isFinite(mean[i]) ? rest[i] / n : 0));
    }
  }

  @Override
  protected Tensor adjoint(Spec x, Tensor[] others, Tensor gy) {
    double n = (double) x.shape().size() / gy.size();
    return Core.broadcastTo(gy.div(n), x.shape());
  }

  @Override
  public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
    return new Tensor[] {new Mean(Batching.behind(axes)).apply(in)};
  }
}
