package org.kotangent.ad;

/** Repetition along stretched axes; the adjoint of summing over them. */
final class BroadcastTo extends Linear implements Moving {
  private final Shape shape;

  BroadcastTo(Shape shape) {
    this.shape = shape;
  }

  @Override
  public String name() {
    return "broadcastTo";
  }

  @Override
  public Object attributes() {
    return shape;
  }

  @Override
  public Spec[] infer(Spec[] in) {
    if (!in[0].shape().broadcastsTo(shape)) {
      throw Checks.shape(
          name(),
          "every axis must match or have size 1",
          "x: " + in[0] + ", shape: " + shape,
          "insert axes of size 1 or choose another shape");
    }
    return new Spec[] {in[0].withShape(shape)};
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    Broadcasting.expand(in[0], out[0]);
  }

  @Override
  protected Tensor adjoint(Spec x, Tensor[] others, Tensor gy) {
    return Core.sumTo(gy, x.shape());
  }

  @Override
  public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
    Tensor x = Batching.padded(in[0], shape.rank() + 1);
    return new Tensor[] {Core.broadcastTo(x, shape.insert(0, size))};
  }
}
