package org.kotangent.ops;

import java.util.List;
import org.kotangent.ad.Arr;
import org.kotangent.ad.DType;
import org.kotangent.ad.Linear;
import org.kotangent.ad.Parallel;
import org.kotangent.ad.Spec;
import org.kotangent.ad.Tensor;

/** Running sums along an axis, held in double; the adjoint runs the other way. */
final class CumSum extends Linear {
  private static final int GRAIN = 1 << 14;

  private final int axis;
  private final boolean backwards;

  CumSum(int axis, boolean backwards) {
    this.axis = axis;
    this.backwards = backwards;
  }

  @Override
  public String name() {
    return "cumSum";
  }

  @Override
  public Object attributes() {
    return List.of(axis, backwards);
  }

  @Override
  public Spec[] infer(Spec[] in) {
    if (in[0].dtype() == DType.BOOL) {
      throw Checks.dtype(
          name(), "needs numbers", "x: " + in[0], "convert with to(DType.I32) to count");
    }
    return in.clone();
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    if (out[0].size() == 0) {
      return;
    }
    int n = in[0].shape().dim(axis);
    int inner = in[0].shape().strides()[axis];
    int step = backwards ? -inner : inner;
    Parallel.forEach(
        in[0].size() / n,
        Math.max(1, GRAIN / n),
        (from, to) -> {
          for (int line = from; line < to; line++) {
            int start = line / inner * n * inner + line % inner;
            addUp(in[0], out[0], backwards ? start + (n - 1) * inner : start, step, n);
          }
        });
  }

  /** The running sums of n numbers that lie a step apart. */
  private static void addUp(Arr x, Arr y, int start, int step, int n) {
    double sum = 0;
    switch (x.dtype()) {
      case F32 -> {
        float[] source = x.f32();
        float[] target = y.f32();
        for (int k = 0, at = start; k < n; k++, at += step) {
          sum += source[at];
          target[at] = (float) sum;
        }
      }
      case F64 -> {
        double[] source = x.f64();
        double[] target = y.f64();
        for (int k = 0, at = start; k < n; k++, at += step) {
          sum += source[at];
          target[at] = sum;
        }
      }
      case I32, BOOL -> {
        for (int k = 0, at = start; k < n; k++, at += step) {
          sum += x.get(at);
          y.set(at, sum);
        }
      }
    }
  }

  @Override
  protected Tensor adjoint(Spec x, Tensor[] others, Tensor gy) {
    return new CumSum(axis, !backwards).apply(gy);
  }

  @Override
  public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
    return new Tensor[] {new CumSum(axis + 1, backwards).apply(in)};
  }
}
