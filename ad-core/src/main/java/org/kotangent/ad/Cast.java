package org.kotangent.ad;

/**
 * Conversion between element types. A linear map between floating types; others are not
 * differentiated.
 */
final class Cast extends Linear implements Moving {
  private final DType to;

  Cast(DType to) {
    this.to = to;
  }

  @Override
  public String name() {
    return "cast";
  }

  @Override
  public Object attributes() {
    return to;
  }

  @Override
  public Spec[] infer(Spec[] in) {
    return new Spec[] {new Spec(to, in[0].shape())};
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    for (int i = 0; i < out[0].size(); i++) {
      out[0].set(i, in[0].get(i));
    }
  }

  @Override
  protected Tensor adjoint(Spec x, Tensor[] others, Tensor gy) {
    return Core.cast(gy, x.dtype());
  }

  @Override
  public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
    return new Tensor[] {apply(in)};
  }
}
