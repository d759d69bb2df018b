package org.kotangent.ad;

import org.jspecify.annotations.Nullable;

/**
 * A primitive y = B(a, b), linear in each of its two operands: ẏ = B(ȧ, b) + B(a, ḃ), and one
 * adjoint for each operand.
 */
public abstract class Bilinear extends Primitive {

  /** ā of the given type and shape, from ȳ and b. */
  protected abstract Tensor adjointA(Spec a, Tensor gy, Tensor b);

  /** b̄ of the given type and shape, from a and ȳ. */
  protected abstract Tensor adjointB(Spec b, Tensor a, Tensor gy);

  @Override
  public final boolean needsInput(int i, boolean[] active) {
    return active[1 - i];
  }

  @Override
  public final boolean needsOutput(int j, boolean[] active) {
    return false;
  }

  @Override
  public final @Nullable Tensor[] jvp(Tensor[] x, Tensor[] y, @Nullable Tensor[] dx) {
    Tensor left = dx[0] == null ? null : apply(dx[0], x[1]);
    Tensor right = dx[1] == null ? null : apply(x[0], dx[1]);
    return new @Nullable Tensor[] {
      left == null ? right : right == null ? left : Core.add(left, right)
    };
  }

  @Override
  public final @Nullable Tensor[] vjp(Residuals r, @Nullable Tensor[] gy) {
    Tensor g = gy[0];
    if (g == null) {
      return new @Nullable Tensor[2];
    }
    return new @Nullable Tensor[] {
      r.active(0) ? adjointA(r.in(0), g, r.x(1)) : null,
      r.active(1) ? adjointB(r.in(1), r.x(0), g) : null
    };
  }
}
