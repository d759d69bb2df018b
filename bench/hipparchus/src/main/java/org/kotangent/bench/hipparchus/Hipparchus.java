package org.kotangent.bench.hipparchus;

import java.util.Map;
import java.util.function.Supplier;
import org.hipparchus.CalculusFieldElement;
import org.hipparchus.analysis.differentiation.Gradient;
import org.hipparchus.analysis.differentiation.UnivariateDerivative1;
import org.kotangent.bench.Rosenbrock;
import org.kotangent.bench.Task;
import org.kotangent.bench.Work;

/** Hipparchus, which has forward mode: all partial derivatives at once, or one direction. */
public final class Hipparchus implements Work.Contender {
  private static final class Evaluation implements Work.Repeated {
    private final Supplier<double[]> body;
    private double[] latest = {}; // kept, so that the computation cannot be left out

    Evaluation(Supplier<double[]> body) {
      this.body = body;
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

  @Override
  public Work prepare(Task task) {
    if (!(task instanceof Task.Rosenbrock(int n, Task.Way way))) {
      throw new IllegalArgumentException("Hipparchus: " + task);
    }
    double[] x = Rosenbrock.point(n);
    double[] dx = Rosenbrock.direction(n);
    return new Evaluation(
        switch (way) {
          case PLAIN -> () -> new double[] {Rosenbrock.value(x)};
          case GRADIENT, REPLAY -> () -> gradient(x);
          case TANGENT -> () -> new double[] {tangent(x, dx)};
        });
  }

  private static double[] gradient(double[] point) {
    var x = new Gradient[point.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = Gradient.variable(x.length, i, point[i]);
    }
    return value(x).getGradient();
  }

  private static double tangent(double[] point, double[] direction) {
    var x = new UnivariateDerivative1[point.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = new UnivariateDerivative1(point[i], direction[i]);
    }
    return value(x).getFirstDerivative();
  }

  private static <T extends CalculusFieldElement<T>> T value(T[] x) {
    T sum = x[0].getField().getZero();
    for (int i = 0; i + 1 < x.length; i++) {
      T a = x[i + 1].subtract(x[i].multiply(x[i]));
      T b = x[i].subtract(1);
      sum = sum.add(a.multiply(a).multiply(100)).add(b.multiply(b));
    }
    return sum;
  }
}
