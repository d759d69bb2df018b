package org.kotangent.ad;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Sum over axes, which are kept with size 1; the adjoint repeats. See {@link Sums}. */
final class Sum extends Linear {
  private final int[] axes;

  Sum(int[] axes) {
    this.axes = axes;
  }

  @Override
  public String name() {
    return "sum";
  }

  @Override
  public Object attributes() {
    return List.of(Arrays.stream(axes).boxed().toArray());
  }

  @Override
  public Spec[] infer(Spec[] in) {
    if (in[0].dtype() == DType.BOOL) {
      throw Checks.dtype(
          name(), "needs numbers", "x: " + in[0], "convert with to(DType.I32) to count");
    }
    return new Spec[] {in[0].withShape(Reduction.kept(in[0].shape(), axes))};
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    if (in[0].size() == out[0].size()) {
      // A sum of one term is that term, −0 too, as in a plan.
      System.arraycopy(in[0].data(), 0, out[0].data(), 0, out[0].size());
    } else {
      sums().of(in[0], out[0]);
    }
  }

  private Sums sums() {
    return new Sums(Arrays.stream(axes).boxed().toList(), 1);
  }

  @Override
  public Optional<Sums> sums(Spec x) {
    return Optional.of(sums());
  }

  @Override
  protected Tensor adjoint(Spec x, Tensor[] others, Tensor gy) {
    return Core.broadcastTo(gy, x.shape());
  }

  @Override
  public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
    return new Tensor[] {new Sum(Batching.behind(axes)).apply(in[0])};
  }
}
