package org.kotangent.ops;

import java.util.List;
import org.kotangent.ad.Arr;
import org.kotangent.ad.Batching;
import org.kotangent.ad.DType;
import org.kotangent.ad.Linear;
import org.kotangent.ad.Parallel;
import org.kotangent.ad.Shape;
import org.kotangent.ad.Spec;
import org.kotangent.ad.Tensor;

/**
 * Blocks of operand 0 added into zeros at the indices in operand 1; the adjoint of {@link Gather}.
 * Blocks that meet are added in the order of the indices, on one thread.
 */
final class ScatterAdd extends Linear {
  private static final int GRAIN = 1 << 14;
  private static final int COLUMNS = 1 << 10;

  private final int axis;
  private final int size;

  ScatterAdd(int axis, int size) {
    this.axis = axis;
    this.size = size;
  }

  @Override
  public String name() {
    return "scatterAdd";
  }

  @Override
  public Object attributes() {
    return List.of(axis, size);
  }

  @Override
  public Spec[] infer(Spec[] in) {
    Indices.requireType(name(), in[1]);
    Shape updates = in[0].shape();
    Shape indices = in[1].shape();
    if (in[0].dtype() == DType.BOOL) {
      throw Checks.dtype(
          name(), "needs numbers", "updates: " + in[0], "convert with to(DType.I32) to count");
    }
    int rank = indices.rank();
    boolean fits = axis + rank <= updates.rank();
    for (int i = 0; fits && i < rank; i++) {
      fits = updates.dim(axis + i) == indices.dim(i);
    }
    if (!fits) {
      throw Checks.shape(
          name(),
          "the updates must have the axes of the indices from axis " + axis + " on",
          "updates: " + in[0] + ", indices: " + in[1],
          "reshape one of them");
    }
    return new Spec[] {in[0].withShape(Gather.replace(updates, axis, rank, Shape.of(size)))};
  }

  @Override
  public long flops(Spec[] in, Spec[] out) {
    return in[0].shape().size();
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    out[0].fill(0, out[0].size(), 0);
    if (out[0].size() == 0 || in[0].size() == 0) {
      return;
    }
    int[] positions = Indices.resolve(name(), in[1], size, axis);
    int inner = out[0].shape().strides()[axis];
    int outer = out[0].size() / (size * inner);
    int columns = Math.min(inner, COLUMNS);
    int parts = Math.ceilDiv(inner, columns);
    Parallel.forEach(
        outer * parts,
        Math.max(1, GRAIN / columns / positions.length),
        (from, to) -> {
          for (int t = from; t < to; t++) {
            int o = t / parts;
            int column = t % parts * columns;
            int n = Math.min(columns, inner - column);
            int read = o * positions.length * inner + column;
            int write = o * size * inner + column;
            add(in[0], read, positions, inner, n, out[0], write);
          }
        });
  }

  /** Adds the first n columns of the block of each position. */
  private static void add(Arr x, int read, int[] positions, int inner, int n, Arr y, int write) {
    switch (x.dtype()) {
      case F32 -> {
        float[] source = x.f32();
        float[] target = y.f32();
        for (int k = 0; k < positions.length; k++) {
          int from = read + k * inner;
          int to = write + positions[k] * inner;
          for (int i = 0; i < n; i++) {
            target[to + i] += source[from + i];
          }
        }
      }
      case F64 -> {
        double[] source = x.f64();
        double[] target = y.f64();
        for (int k = 0; k < positions.length; k++) {
          int from = read + k * inner;
          int to = write + positions[k] * inner;
          for (int i = 0; i < n; i++) {
            target[to + i] += source[from + i];
          }
        }
      }
      case I32, BOOL -> {
        for (int k = 0; k < positions.length; k++) {
          int from = read + k * inner;
          int to = write + positions[k] * inner;
          for (int i = 0; i < n; i++) {
            y.set(to + i, y.get(to + i) + x.get(from + i));
          }
        }
      }
    }
  }

  @Override
  protected Tensor adjoint(Spec x, Tensor[] others, Tensor gy) {
    return new Gather(axis).apply(gy, others[0]);
  }

  @Override
  public Tensor[] batch(Tensor[] in, boolean[] batched, int count) {
    if (!batched[1]) {
      return new Tensor[] {new ScatterAdd(axis + 1, size).apply(in)};
    }
    Tensor updates = Batching.expanded(in[0], batched[0], count);
    Tensor indices = new Positions(name(), axis, size, 0).apply(in[1]);
    Tensor y = // [*p, batch·size, *q]
        new ScatterAdd(axis, count * size).apply(Batching.moved(updates, 0, axis), indices);
    return new Tensor[] {Batching.unfolded(y, axis, count)};
  }
}
