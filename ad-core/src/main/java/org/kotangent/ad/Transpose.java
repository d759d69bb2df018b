package org.kotangent.ad;

import java.util.Arrays;
import java.util.List;

/** Axes in another order; the adjoint restores the old order. */
final class Transpose extends Linear implements Moving {
  private static final int GRAIN = 1 << 14;

  private final int[] order;

  Transpose(int[] order) {
    this.order = order.clone();
  }

  /** Which axis of the operand each axis of the result is. */
  List<Integer> order() {
    return Arrays.stream(order).boxed().toList();
  }

  boolean isIdentity() {
    return isIdentity(order);
  }

  /** This order and then another one. */
  Transpose then(Transpose next) {
    return new Transpose(Arrays.stream(next.order).map(i -> order[i]).toArray());
  }

  static boolean isIdentity(int[] order) {
    for (int i = 0; i < order.length; i++) {
      if (order[i] != i) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String name() {
    return "transpose";
  }

  @Override
  public Object attributes() {
    return order();
  }

  @Override
  public Spec[] infer(Spec[] in) {
    Shape shape = in[0].shape();
    int[] sorted = order.clone();
    Arrays.sort(sorted);
    if (order.length != shape.rank() || !isIdentity(sorted)) {
      throw Checks.shape(
          name(),
          "the order must name every axis once, counted from 0",
          "x: " + in[0] + ", order: " + Arrays.toString(order),
          "give a permutation of the axes");
    }
    return new Spec[] {in[0].withShape(Shape.of(Arrays.stream(order).map(shape::dim).toArray()))};
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    int rank = order.length;
    int n = out[0].size();
    if (n == 0) {
      return;
    }
    int[] strides = in[0].shape().strides();
    int[] step = Arrays.stream(order).map(i -> strides[i]).toArray();
    int[] dims = out[0].shape().toArray();
    int row = dims[rank - 1];
    int rows = n / row;
    Parallel.forEach(
        rows,
        Math.max(1, GRAIN / row),
        (from, to) -> {
          for (int r = from; r < to; r++) {
            int read = 0;
            for (int a = rank - 2, rest = r; a >= 0; rest /= dims[a--]) {
              read += rest % dims[a] * step[a];
            }
            copyRow(in[0], read, step[rank - 1], out[0], r * row, row);
          }
        });
  }

  private static void copyRow(Arr in, int read, int step, Arr out, int write, int length) {
    if (step == 1) {
      System.arraycopy(in.data(), read, out.data(), write, length);
      return;
    }
    switch (in.dtype()) {
      case F32 -> {
        float[] x = in.f32();
        float[] y = out.f32();
        for (int i = 0; i < length; i++) {
          y[write + i] = x[read + i * step];
        }
      }
      case F64 -> {
        double[] x = in.f64();
        double[] y = out.f64();
        for (int i = 0; i < length; i++) {
          y[write + i] = x[read + i * step];
        }
      }
      case I32, BOOL -> {
        for (int i = 0; i < length; i++) {
          out.set(write + i, in.get(read + i * step));
        }
      }
    }
  }

  @Override
  protected Tensor adjoint(Spec x, Tensor[] others, Tensor gy) {
    int[] inverse = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      inverse[order[i]] = i;
    }
    return Core.transpose(gy, inverse);
  }

  @Override
  public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
    int[] behind = new int[order.length + 1];
    for (int i = 0; i < order.length; i++) {
      behind[i + 1] = order[i] + 1;
    }
    return new Tensor[] {Core.transpose(in[0], behind)};
  }
}
