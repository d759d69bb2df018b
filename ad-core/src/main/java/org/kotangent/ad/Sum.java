package org.kotangent.ad;

import java.util.Arrays;
import java.util.List;

/**
 * Sum over axes, which are kept with size 1; the adjoint repeats. Numbers are added in double, in
 * an order that depends on the shape alone: four interleaved partial sums along a contiguous run,
 * and chunks of a long run one after another.
 */
final class Sum extends Linear {
  private static final int GRAIN = 1 << 15;

  private final int[] axes;

  Sum(int[] axes) {
    this.axes = axes;
  }

  @Override
  public String name() {
    return "sum";
  }

  @Override
  public Object attributes() {
    return List.of(Arrays.stream(axes).boxed().toArray());
  }

  @Override
  public Spec[] infer(Spec[] in) {
    if (in[0].dtype() == DType.BOOL) {
      throw Checks.dtype(
          name(), "needs numbers", "x: " + in[0], "convert with to(DType.I32) to count");
    }
    return new Spec[] {in[0].withShape(Reduction.kept(in[0].shape(), axes))};
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    Arr x = in[0];
    Arr y = out[0];
    if (x.size() == 0) {
      y.fill(0, y.size(), 0);
      return;
    }
    Reduction walk = Reduction.over(x.shape(), axes);
    int[] outer = walk.outer();
    int[] inner = walk.inner();
    int run = walk.run();
    if (walk.innermost()) {
      if (outer.length == 1 && inner.length == 1) {
        y.set(0, longRun(x, run));
        return;
      }
      Parallel.forEach(
          outer.length,
          Math.max(1, GRAIN / (inner.length * run)),
          (from, to) -> {
            for (int o = from; o < to; o++) {
              double sum = 0;
              for (int r : inner) {
                sum += sum(x, outer[o] + r, run);
              }
              y.set(o, sum);
            }
          });
    } else {
      Parallel.forEach(
          outer.length,
          Math.max(1, GRAIN / (inner.length * run)),
          (from, to) -> {
            double[] row = new double[run];
            for (int o = from; o < to; o++) {
              Arrays.fill(row, 0);
              for (int r : inner) {
                addRow(x, outer[o] + r, row);
              }
              for (int i = 0; i < run; i++) {
                y.set(o * run + i, row[i]);
              }
            }
          });
    }
  }

  private static double longRun(Arr x, int run) {
    double[] partial = new double[Math.ceilDiv(run, GRAIN)];
    Parallel.forEach(run, GRAIN, (from, to) -> partial[from / GRAIN] = sum(x, from, to - from));
    double sum = 0;
    for (double p : partial) {
      sum += p;
    }
    return sum;
  }

  private static double sum(Arr x, int from, int length) {
    return switch (x.dtype()) {
      case F32 -> sum(x.f32(), from, from + length);
      case F64 -> sum(x.f64(), from, from + length);
      case I32, BOOL -> {
        double sum = 0;
        for (int i = from; i < from + length; i++) {
          sum += x.get(i);
        }
        yield sum;
      }
    };
  }

  private static double sum(float[] x, int from, int to) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = from;
    for (; i + 3 < to; i += 4) {
      a += x[i];
      b += x[i + 1];
      c += x[i + 2];
      d += x[i + 3];
    }
    for (; i < to; i++) {
      a += x[i];
    }
    return a + b + (c + d);
  }

  private static double sum(double[] x, int from, int to) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = from;
    for (; i + 3 < to; i += 4) {
      a += x[i];
      b += x[i + 1];
      c += x[i + 2];
      d += x[i + 3];
    }
    for (; i < to; i++) {
      a += x[i];
    }
    return a + b + (c + d);
  }

  private static void addRow(Arr x, int from, double[] row) {
    switch (x.dtype()) {
      case F32 -> {
        float[] data = x.f32();
        for (int i = 0; i < row.length; i++) {
          row[i] += data[from + i];
        }
      }
      case F64 -> {
        double[] data = x.f64();
        for (int i = 0; i < row.length; i++) {
          row[i] += data[from + i];
        }
      }
      case I32, BOOL -> {
        for (int i = 0; i < row.length; i++) {
          row[i] += x.get(from + i);
        }
      }
    }
  }

  @Override
  protected Tensor adjoint(Spec x, Tensor[] others, Tensor gy) {
    return Core.broadcastTo(gy, x.shape());
  }

  @Override
  public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
    return new Tensor[] {new Sum(Batching.behind(axes)).apply(in[0])};
  }
}
