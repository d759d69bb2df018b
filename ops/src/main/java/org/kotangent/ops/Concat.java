package org.kotangent.ops;

import org.jspecify.annotations.Nullable;
import org.kotangent.ad.Arr;
import org.kotangent.ad.Batching;
import org.kotangent.ad.Moving;
import org.kotangent.ad.Primitive;
import org.kotangent.ad.Residuals;
import org.kotangent.ad.Shape;
import org.kotangent.ad.Spec;
import org.kotangent.ad.Tensor;
import org.kotangent.ops.internal.Strided;

/** Operands one after another along an axis; linear in all of them, each cotangent a slice. */
final class Concat extends Primitive implements Moving {
  private final int axis;

  Concat(int axis) {
    this.axis = axis;
  }

  @Override
  public String name() {
    return "concat";
  }

  @Override
  public Object attributes() {
    return axis;
  }

  @Override
  public Spec[] infer(Spec[] in) {
    int total = 0;
    for (int i = 0; i < in.length; i++) {
      Shape shape = in[i].shape();
      if (in[i].dtype() != in[0].dtype()) {
        throw Checks.dtype(
            name(),
            "operands must have one type",
            both(in, i),
            "convert one of them with to(DType)");
      }
      if (shape.rank() != in[0].shape().rank()
          || !shape.with(axis, 0).equals(in[0].shape().with(axis, 0))) {
        throw Checks.shape(
            name(),
            "shapes must agree except along axis " + axis,
            both(in, i),
            "slice, pad or reshape one of them");
      }
      total = Math.addExact(total, shape.dim(axis));
    }
    return new Spec[] {in[0].withShape(in[0].shape().with(axis, total))};
  }

  private static String both(Spec[] in, int i) {
    return "operand 0: " + in[0] + ", operand " + i + ": " + in[i];
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    int[] strides = out[0].shape().strides();
    int at = 0;
    for (Arr x : in) {
      Shape shape = x.shape();
      Strided.copy(shape.toArray(), x, 0, shape.strides(), out[0], at * strides[axis], strides);
      at += shape.dim(axis);
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
    @Nullable Tensor[] gx = new Tensor[r.inputs()];
    Tensor g = gy[0];
    int at = 0;
    for (int i = 0; i < gx.length; i++) {
      int size = r.in(i).shape().dim(axis);
      if (g != null && r.active(i)) {
        gx[i] = new Slice(Region.along(r.out(0).shape(), axis, at, size)).apply(g);
      }
      at += size;
    }
    return gx;
  }

  @Override
  public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
    return new Tensor[] {new Concat(axis + 1).apply(Batching.expanded(in, batched, size))};
  }
}
