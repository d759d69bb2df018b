package org.kotangent.ops;

import java.util.Arrays;
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
    Parallel.forEach(
        in[0].size() / (n * inner),
        Math.max(1, GRAIN / (n * inner)),
        (from, to) -> {
          double[] sums = new double[inner];
          for (int o = from; o < to; o++) {
            Arrays.fill(sums, 0);
            for (int k = 0; k < n; k++) {
              int row = o * n + (backwards ? n - 1 - k : k);
              addRow(sums, in[0], out[0], row * inner);
            }
          }
        });
  }

  private static void addRow(double[] sums, Arr x, Arr y, int at) {
    switch (x.dtype()) {
      case F32 -> {
        for (int i = 0; i < sums.length; i++) {
          sums[i] += x.f32()[at + i];
          y.f32()[at + i] = (float) sums[i];
        }
      }
      case F64 -> {
        for (int i = 0; i < sums.length; i++) {
          sums[i] += x.f64()[at + i];
          y.f64()[at + i] = sums[i];
        }
      }
      case I32, BOOL -> {
        for (int i = 0; i < sums.length; i++) {
          sums[i] += x.get(at + i);
          y.set(at + i, sums[i]);
        }
      }
    }
  }

  @Override
  protected Tensor adjoint(Spec x, Tensor[] others, Tensor gy) {
    return new CumSum(axis, !backwards).apply(gy);
  }
}
