package org.kotangent.bench.kotangent;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Supplier;
import org.kotangent.ad.internal.Hot;
import org.kotangent.ad.scalar.Real;
import org.kotangent.ad.scalar.Reals;
import org.kotangent.ad.scalar.Recorded;
import org.kotangent.bench.Rosenbrock;
import org.kotangent.bench.Task;
import org.kotangent.bench.Work;

/** Rosenbrock's function by the scalar engine. */
final class ScalarWork implements Work.Repeated {
  private final Supplier<double[]> body;
  private final int operations;
  private double[] latest = {}; // kept, so that the computation cannot be left out

  private ScalarWork(Supplier<double[]> body, int operations) {
    this.body = body;
    this.operations = operations;
  }

  static Work of(Task.Rosenbrock task) {
    double[] x = Rosenbrock.point(task.n());
    return switch (task.way()) {
      case PLAIN -> new ScalarWork(() -> new double[] {Rosenbrock.value(x)}, 1);
      case GRADIENT -> new ScalarWork(() -> Reals.gradient(ScalarWork::value, x), 1);
      case REPLAY -> {
        Recorded recorded = Reals.record(ScalarWork::value, x).compile();
        yield new ScalarWork(() -> recorded.gradient(x), 1);
      }
      case TANGENT -> tangents(x, 1);
      case TANGENTS -> tangents(x, Rosenbrock.TANGENTS);
    };
  }

  private static Work tangents(double[] x, int count) {
    double[][] dx = Rosenbrock.directions(count, x.length);
    return new ScalarWork(
        () -> {
          double[][] tangents = Reals.jvp(ScalarWork::values, x, dx).tangents();
          return Arrays.stream(tangents).mapToDouble(t -> t[0]).toArray();
        },
        count);
  }

  private static Real value(Real[] x) {
    Real sum = Real.of(0);
    for (int i = 0; i + 1 < x.length; i++) {
      Real a = x[i + 1].minus(x[i].square());
      Real b = x[i].minus(1);
      sum = sum.plus(a.square().times(100).plus(b.square()));
    }
    return sum;
  }

  private static Real[] values(Real[] x) {
    return new Real[] {value(x)};
  }

  @Override
  public void settle() {
    Hot.await();
  }

  @Override
  public void run() {
    latest = body.get();
  }

  @Override
  public int operations() {
    return operations;
  }

  @Override
  public Map<String, double[]> results() {
    run();
    return Map.of("result", latest);
  }
}
