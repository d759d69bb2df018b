package org.kotangent.ad;

import org.jspecify.annotations.Nullable;

/** Tensors of one type and shape side by side along a new leading axis: n of [*s] → [n, *s]. */
final class Stack extends Primitive implements Moving {
  static final Stack INSTANCE = new Stack();

  private Stack() {}

  @Override
  public String name() {
    return "stack";
  }

  @Override
  public Spec[] infer(Spec[] in) {
    for (Spec spec : in) {
      if (!spec.equals(in[0])) {
        throw Checks.shape(
            name(),
            "types and shapes must be equal",
            in[0] + " and " + spec,
            "convert, reshape or pad one of them");
      }
    }
    return new Spec[] {in[0].withShape(in[0].shape().insert(0, in.length))};
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    int each = in[0].size();
    for (int i = 0; i < in.length; i++) {
      System.arraycopy(in[i].data(), 0, out[0].data(), i * each, each);
    }
  }

  @Override
  public boolean needsInput(int i, boolean[] active) {
    return false;
  }

  @Override
  public boolean needsOutput(int j, boolean[] active) {
    return false;
  }

  @Override
  public @Nullable Tensor[] jvp(Tensor[] x, Tensor[] y, @Nullable Tensor[] dx) {
    Tensor[] tangents = new Tensor[x.length];
    for (int i = 0; i < x.length; i++) {
      Tensor d = dx[i];
      tangents[i] = d == null ? Tensor.zeros(x[i].spec()) : d;
    }
    return new Tensor[] {apply(tangents)};
  }

  @Override
  public @Nullable Tensor[] vjp(Residuals r, @Nullable Tensor[] gy) {
    Tensor g = gy[0];
    return g == null ? new @Nullable Tensor[r.inputs()] : Core.unstack(g).toArray(Tensor[]::new);
  }

  @Override
  public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
    Tensor y = apply(Batching.expanded(in, batched, size)); // [n, batch, *s]
    return new Tensor[] {Batching.swapped(y)};
  }
}
