package org.kotangent.ad;

import org.jspecify.annotations.Nullable;

/**
 * A primitive y = A·x, linear in operand 0, whose other operands (indices, say) are not
 * differentiated. Its tangent is itself applied to the tangent; its cotangent is the adjoint Aᵀ.
 */
public abstract class Linear extends Primitive {

  /** x̄ = Aᵀ·ȳ, of the given type and shape; {@code others} are the operands after the first. */
  protected abstract Tensor adjoint(Spec x, Tensor[] others, Tensor gy);

  @Override
  public final boolean differentiable(int i) {
    return i == 0;
  }

  @Override
  public final boolean needsInput(int i, boolean[] active) {
    return i > 0;
  }

  @Override
  public final boolean needsOutput(int j, boolean[] active) {
    return false;
  }

  @Override
  public final @Nullable Tensor[] jvp(Tensor[] x, Tensor[] y, @Nullable Tensor[] dx) {
    if (dx[0] == null) {
      return new @Nullable Tensor[] {null};
    }
    Tensor[] in = x.clone();
    in[0] = dx[0];
    return new Tensor[] {tangent().apply(in)};
  }

  /** The operation as it is applied to tangents. */
  Primitive tangent() {
    return this;
  }

  @Override
  public final @Nullable Tensor[] vjp(Residuals r, @Nullable Tensor[] gy) {
    @Nullable Tensor[] gx = new Tensor[r.inputs()];
    Tensor g = gy[0];
    if (g != null && r.active(0)) {
      Tensor[] others = new Tensor[r.inputs() - 1];
      for (int i = 0; i < others.length; i++) {
        others[i] = r.x(i + 1);
      }
      gx[0] = adjoint(r.in(0), others, g);
    }
    return gx;
  }
}
