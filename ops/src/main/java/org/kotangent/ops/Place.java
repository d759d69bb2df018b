package org.kotangent.ops;

import org.kotangent.ad.Arr;
import org.kotangent.ad.Linear;
import org.kotangent.ad.Moving;
import org.kotangent.ad.Shape;
import org.kotangent.ad.Spec;
import org.kotangent.ad.Tensor;
import org.kotangent.ops.internal.Strided;

/** A region of a larger tensor that is zero elsewhere; the adjoint of {@link Slice}. */
final class Place extends Linear implements Moving {
  private record Attributes(Region region, Shape into) {}

  private final Region region;
  private final Shape into;

  Place(Region region, Shape into) {
    this.region = region;
    this.into = into;
  }

  @Override
  public String name() {
    return "place";
  }

  @Override
  public Object attributes() {
    return new Attributes(region, into);
  }

  @Override
  public Spec[] infer(Spec[] in) {
    return new Spec[] {in[0].withShape(into)};
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    int[] strides = into.strides();
    out[0].fill(0, out[0].size(), 0);
    Strided.copy(
        region.shape().toArray(),
        in[0],
        0,
        region.shape().strides(),
        out[0],
        region.offset(strides),
        region.distances(strides));
  }

  @Override
  protected Tensor adjoint(Spec x, Tensor[] others, Tensor gy) {
    return new Slice(region).apply(gy);
  }

  @Override
  public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
    return new Tensor[] {new Place(region.behind(size), into.insert(0, size)).apply(in)};
  }
}
