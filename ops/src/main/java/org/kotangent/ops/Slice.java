package org.kotangent.ops;

import org.kotangent.ad.Arr;
import org.kotangent.ad.Linear;
import org.kotangent.ad.Moving;
import org.kotangent.ad.Spec;
import org.kotangent.ad.Tensor;
import org.kotangent.ops.internal.Strided;

/** The elements of a region; the adjoint of {@link Place}. */
final class Slice extends Linear implements Moving {
  private final Region region;

  Slice(Region region) {
    this.region = region;
  }

  @Override
  public String name() {
    return "slice";
  }

  @Override
  public Object attributes() {
    return region;
  }

  @Override
  public Spec[] infer(Spec[] in) {
    return new Spec[] {in[0].withShape(region.shape())};
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    int[] strides = in[0].shape().strides();
    Strided.copy(
        region.shape().toArray(),
        in[0],
        region.offset(strides),
        region.distances(strides),
        out[0],
        0,
        region.shape().strides());
  }

  @Override
  protected Tensor adjoint(Spec x, Tensor[] others, Tensor gy) {
    return new Place(region, x.shape()).apply(gy);
  }

  @Override
  public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
    return new Tensor[] {new Slice(region.behind(size)).apply(in)};
  }
}
