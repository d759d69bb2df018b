package org.kotangent.ops;

import org.kotangent.ad.Arr;
import org.kotangent.ad.Batching;
import org.kotangent.ad.Linear;
import org.kotangent.ad.Moving;
import org.kotangent.ad.Parallel;
import org.kotangent.ad.Shape;
import org.kotangent.ad.Spec;
import org.kotangent.ad.Tensor;

/**
 * Elements or blocks of operand 0 picked along an axis by the indices in operand 1, whose axes
 * replace that one. The adjoint adds back with {@link ScatterAdd}.
 */
final class Gather extends Linear implements Moving {
  private static final int GRAIN = 1 << 14;

  private final int axis;

  Gather(int axis) {
    this.axis = axis;
  }

  @Override
  public String name() {
    return "gather";
  }

  @Override
  public Object attributes() {
    return axis;
  }

  @Override
  public Spec[] infer(Spec[] in) {
    Indices.requireType(name(), in[1]);
    return new Spec[] {in[0].withShape(replace(in[0].shape(), axis, 1, in[1].shape()))};
  }

  /** The shape with {@code count} axes from {@code axis} on replaced by those of another. */
  static Shape replace(Shape shape, int axis, int count, Shape by) {
    int[] dims = new int[shape.rank() - count + by.rank()];
    System.arraycopy(shape.toArray(), 0, dims, 0, axis);
    System.arraycopy(by.toArray(), 0, dims, axis, by.rank());
    System.arraycopy(
        shape.toArray(), axis + count, dims, axis + by.rank(), shape.rank() - axis - count);
    return Shape.of(dims);
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    int size = in[0].shape().dim(axis);
    int[] positions = Indices.resolve(name(), in[1], size, axis);
    int inner = in[0].shape().strides()[axis];
    if (out[0].size() == 0) {
      return;
    }
    int each = positions.length * inner;
    int parts = Math.ceilDiv(each, GRAIN);
    int picked = Math.ceilDiv(positions.length, parts);
    Parallel.forEach(
        out[0].size() / each * parts,
        Math.max(1, GRAIN / each),
        (from, to) -> {
          for (int t = from; t < to; t++) {
            int o = t / parts;
            int first = t % parts * picked;
            int end = Math.min(positions.length, first + picked);
            pick(in[0], o * size, positions, first, end, inner, out[0], o * positions.length);
          }
        });
  }

  /** Copies the blocks at some of the positions; starts are counted in blocks. */
  private static void pick(
      Arr x, int read, int[] positions, int first, int end, int inner, Arr y, int write) {
    if (inner > 1) {
      for (int k = first; k < end; k++) {
        int from = (read + positions[k]) * inner;
        System.arraycopy(x.data(), from, y.data(), (write + k) * inner, inner);
      }
      return;
    }
    switch (x.dtype()) {
      case F32 -> {
        float[] source = x.f32();
        float[] target = y.f32();
        for (int k = first; k < end; k++) {
          target[write + k] = source[read + positions[k]];
        }
      }
      case F64 -> {
        double[] source = x.f64();
        double[] target = y.f64();
        for (int k = first; k < end; k++) {
          target[write + k] = source[read + positions[k]];
        }
      }
      case I32, BOOL -> {
        for (int k = first; k < end; k++) {
          y.set(write + k, x.get(read + positions[k]));
        }
      }
    }
  }

  @Override
  protected Tensor adjoint(Spec x, Tensor[] others, Tensor gy) {
    return new ScatterAdd(axis, x.shape().dim(axis)).apply(gy, others[0]);
  }

  @Override
  public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
    if (!batched[1]) {
      return new Tensor[] {new Gather(axis + 1).apply(in)};
    }
    Tensor x = in[0];
    Tensor indices = in[1];
    if (batched[0]) {
      indices = new Positions(name(), axis, x.dim(axis + 1), 0).apply(indices);
      x = Batching.folded(x, axis);
    }
    return new Tensor[] {Batching.moved(apply(x, indices), axis, 0)}; // [*p, batch, *i, *q]
  }
}
