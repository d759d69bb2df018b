package org.kotangent.ops;

import org.kotangent.ad.Arr;
import org.kotangent.ad.Linear;
import org.kotangent.ad.Parallel;
import org.kotangent.ad.Shape;
import org.kotangent.ad.Spec;
import org.kotangent.ad.Tensor;

/**
 * Elements or blocks of operand 0 picked along an axis by the indices in operand 1, whose axes
 * replace that one. The adjoint adds back with {@link ScatterAdd}.
 */
final class Gather extends Linear {
  private static final int GRAIN = 1 << 14;

  /** From this many neighbours on a bulk copy beats a loop. */
  private static final int BULK = 8;

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
    int rows = inner == 0 ? 0 : out[0].size() / inner;
    Parallel.forEach(
        rows,
        Math.max(1, GRAIN / Math.max(1, inner)),
        (from, to) -> {
          for (int r = from; r < to; r++) {
            int block = r / positions.length * size + positions[r % positions.length];
            copy(in[0], block * inner, out[0], r * inner, inner);
          }
        });
  }

  private static void copy(Arr x, int from, Arr y, int to, int n) {
    if (n >= BULK) {
      System.arraycopy(x.data(), from, y.data(), to, n);
      return;
    }
    switch (x.dtype()) {
      case F32 -> {
        for (int i = 0; i < n; i++) {
          y.f32()[to + i] = x.f32()[from + i];
        }
      }
      case F64 -> {
        for (int i = 0; i < n; i++) {
          y.f64()[to + i] = x.f64()[from + i];
        }
      }
      case I32, BOOL -> {
        for (int i = 0; i < n; i++) {
          y.set(to + i, x.get(from + i));
        }
      }
    }
  }

  @Override
  protected Tensor adjoint(Spec x, Tensor[] others, Tensor gy) {
    return new ScatterAdd(axis, x.shape().dim(axis)).apply(gy, others[0]);
  }
}
