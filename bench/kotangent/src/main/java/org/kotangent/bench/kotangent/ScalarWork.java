package org.kotangent.bench.kotangent;

import java.util.Map;
import java.util.function.Supplier;
import org.kotangent.ad.scalar.Real;
import org.kotangent.ad.scalar.Reals;
import org.kotangent.ad.scalar.Recorded;
import org.kotangent.bench.Rosenbrock;
import org.kotangent.bench.Task;
import org.kotangent.bench.Work;

/** Rosenbrock's function by the scalar engine. */
final class ScalarWork implements Work.Repeated {
  private final Supplier<double[]> body;
  private double[] latest = {}; // kept, so that the computation cannot be left out

  private ScalarWork(Supplier<double[]> body) {
    this.body = body;
  }

  static Work of(Task.Rosenbrock task) {
    double[] x = Rosenbrock.point(task.n());
    double[] dx = Rosenbrock.direction(task.n());
    return new ScalarWork(
        switch (task.way()) {
          case PLAIN -> () -> new double[] {Rosenbrock.value(x)};
          case GRADIENT -> () -> Reals.gradient(ScalarWork::value, x);
          case REPLAY -> {
            Recorded recorded = Reals.record(ScalarWork::value, x).compile();
            yield () -> recorded.gradient(x);
          }
          case TANGENT -> () -> Reals.jvp(ScalarWork::values, x, dx).tangents()[0];
        });
  }

  private static Real value(Real[] x) {
    Real sum = Real.of(0);
    for (int i = 0; i + 1 < x.length; i++) {
      Real a = x[i + 1].minus(x[i].square());
      Real b = x[i].minus(1);
      sum = sum.plus(a.square().times(100)).plus(b.square());
    }
    return sum;
  }

  private static Real[] values(Real[] x) {
    return new Real[] {value(x)};
  }

  @Override
  public void run() {
    latest = body.get();
  }

  @Override
  public Map<String, double[]> results() {
    run();
    return Map.of("result", latest);
  }
}
