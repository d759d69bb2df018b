package org.kotangent.ad;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parts of a tensor along its leading axis: [n, *s] → n of [*s]; the inverse of stacking. */
final class Unstack extends Primitive implements Moving {
  static final Unstack INSTANCE = new Unstack();

  private Unstack() {}

  @Override
  public String name() {
    return "unstack";
  }

  @Override
  public Spec[] infer(Spec[] in) {
    Shape shape = in[0].shape();
    if (shape.rank() == 0) {
      throw Checks.shape(
          name(), "there must be an axis to take apart", "x: " + in[0], "reshape x to [n, …]");
    }
    Spec[] parts = new Spec[shape.dim(0)];
    Arrays.fill(parts, in[0].withShape(shape.drop(0)));
    return parts;
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    for (int j = 0; j < out.length; j++) {
      int each = out[j].size();
      System.arraycopy(in[0].data(), j * each, out[j].data(), 0, each);
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
    Tensor d = dx[0];
    return d == null ? new @Nullable Tensor[y.length] : Core.unstack(d).toArray(Tensor[]::new);
  }

  @Override
  public @Nullable Tensor[] vjp(Residuals r, @Nullable Tensor[] gy) {
    Tensor[] parts = new Tensor[gy.length];
    for (int j = 0; j < parts.length; j++) {
      Tensor g = gy[j];
      parts[j] = g == null ? Tensor.zeros(r.out(j)) : g;
    }
    return new Tensor[] {Core.stack(List.of(parts))};
  }

  @Override
  public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
    return Core.unstack(Batching.swapped(in[0])).toArray(Tensor[]::new);
  }
}
