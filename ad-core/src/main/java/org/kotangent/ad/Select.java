package org.kotangent.ad;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * y = a where the condition holds, else b. Its rules select as well and never multiply by a mask,
 * so the cotangent of the branch not taken is exactly zero.
 */
final class Select extends Primitive implements Moving {
  private final Pointwise function = new Pointwise(List.of(ScalarOp.SELECT.body()), 3);

  @Override
  public String name() {
    return "select";
  }

  @Override
  public Spec[] infer(Spec[] in) {
    return function.infer(name(), in);
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    function.run(in, out);
  }

  @Override
  public boolean differentiable(int i) {
    return i > 0;
  }

  @Override
  public boolean needsInput(int i, boolean[] active) {
    return i == 0;
  }

  @Override
  public boolean needsOutput(int j, boolean[] active) {
    return false;
  }

  @Override
  public @Nullable Tensor[] jvp(Tensor[] x, Tensor[] y, @Nullable Tensor[] dx) {
    Tensor zero = y[0].like(0);
    Tensor da = dx[1] == null ? zero : dx[1];
    Tensor db = dx[2] == null ? zero : dx[2];
    return new Tensor[] {Core.broadcastTo(Core.select(x[0], da, db), y[0].shape())};
  }

  @Override
  public @Nullable Tensor[] vjp(Residuals r, @Nullable Tensor[] gy) {
    @Nullable Tensor[] gx = new Tensor[3];
    Tensor g = gy[0];
    if (g != null) {
      Tensor zero = g.like(0);
      if (r.active(1)) {
        gx[1] = Core.sumTo(Core.select(r.x(0), g, zero), r.in(1).shape());
      }
      if (r.active(2)) {
        gx[2] = Core.sumTo(Core.select(r.x(0), zero, g), r.in(2).shape());
      }
    }
    return gx;
  }

  @Override
  public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
    return new Tensor[] {apply(Batching.aligned(in, batched))};
  }
}
