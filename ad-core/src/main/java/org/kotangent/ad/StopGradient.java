package org.kotangent.ad;

/** A value through which nothing is differentiated. */
final class StopGradient extends Primitive implements Moving {
  static final StopGradient INSTANCE = new StopGradient();

  private StopGradient() {}

  @Override
  public String name() {
    return "stopGradient";
  }

  @Override
  public Spec[] infer(Spec[] in) {
    return in.clone();
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    System.arraycopy(in[0].data(), 0, out[0].data(), 0, out[0].size());
  }

  @Override
  Tensor[] evaluate(Tensor[] in) {
    return in;
  }

  @Override
  public boolean differentiable(int i) {
    return false;
  }

  @Override
  public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
    return new Tensor[] {apply(in)};
  }
}
