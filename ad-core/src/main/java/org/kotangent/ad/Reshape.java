package org.kotangent.ad;

/** The same numbers under another shape. */
final class Reshape extends Linear implements Moving {
  private final Shape shape;

  Reshape(Shape shape) {
    this.shape = shape;
  }

  @Override
  public String name() {
    return "reshape";
  }

  @Override
  public Object attributes() {
    return shape;
  }

  @Override
  public Spec[] infer(Spec[] in) {
    if (in[0].shape().size() != shape.size()) {
      throw Checks.shape(
          name(),
          "the number of elements must stay the same",
          "x: "
              + in[0]
              + ", shape: "
              + shape
              + " ("
              + in[0].shape().size()
              + " ≠ "
              + shape.size()
              + ")",
          "choose sizes with the same product");
    }
    return new Spec[] {in[0].withShape(shape)};
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    System.arraycopy(in[0].data(), 0, out[0].data(), 0, out[0].size());
  }

  @Override
  protected Tensor adjoint(Spec x, Tensor[] others, Tensor gy) {
    return Core.reshape(gy, x.shape());
  }

  @Override
  public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
    return new Tensor[] {Core.reshape(in[0], shape.insert(0, size))};
  }
}
