package org.kotangent.ops;

import java.util.Arrays;
import org.kotangent.ad.Arr;
import org.kotangent.ad.DType;
import org.kotangent.ad.Parallel;
import org.kotangent.ad.Primitive;
import org.kotangent.ad.Spec;
import org.kotangent.ad.Tensor;

/** The index of the largest or smallest number along an axis, which goes; not differentiated. */
final class ArgExtremum extends Primitive {
  private static final int GRAIN = 1 << 14;

  private final int axis;
  private final boolean largest;

  ArgExtremum(int axis, boolean largest) {
    this.axis = axis;
    this.largest = largest;
  }

  @Override
  public String name() {
    return largest ? "argMax" : "argMin";
  }

  @Override
  public Object attributes() {
    return axis;
  }

  @Override
  public boolean differentiable(int i) {
    return false;
  }

  @Override
  public Spec[] infer(Spec[] in) {
    Spec y = new Spec(DType.I32, in[0].shape().drop(axis));
    if (in[0].dtype() == DType.BOOL) {
      throw Checks.dtype(name(), "needs numbers", "x: " + in[0], "convert with to(DType.I32)");
    }
    if (in[0].shape().size() == 0 && y.shape().size() > 0) {
      throw Checks.shape(
          name(),
          "there is none of no numbers",
          "x: " + in[0] + ", axis: " + axis,
          "choose an axis that is not empty");
    }
    return new Spec[] {y};
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    if (out[0].size() == 0) {
      return;
    }
    Arr x = in[0];
    int[] y = out[0].i32();
    int n = x.shape().dim(axis);
    int inner = x.shape().strides()[axis];
    double sign = largest ? 1 : -1;
    Parallel.forEach(
        x.size() / (n * inner),
        Math.max(1, GRAIN / (n * inner)),
        (from, to) -> {
          double[] best = new double[inner];
          for (int o = from; o < to; o++) {
            Arrays.fill(y, o * inner, (o + 1) * inner, 0);
            Arrays.fill(best, Double.NEGATIVE_INFINITY);
            for (int k = 0; k < n; k++) {
              for (int i = 0; i < inner; i++) {
                double candidate = sign * x.get((o * n + k) * inner + i);
                if (exceeds(candidate, best[i])) {
                  best[i] = candidate;
                  y[o * inner + i] = k;
                }
              }
            }
          }
        });
  }

  /** NaN exceeds every number, as it does in a maximum; the first one stays. */
  private static boolean exceeds(double a, double b) {
    return a > b || (Double.isNaN(a) && !Double.isNaN(b));
  }

  @Override
  public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
    return new Tensor[] {new ArgExtremum(axis + 1, largest).apply(in)};
  }
}
