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
    private final int operations;
    private double[] latest = {}; // kept, so that the computation cannot be left out

    Evaluation(Supplier<double[]> body, int operations) {
      this.body = body;
      this.operations = operations;
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

  @Override
  public Work prepare(Task task) {
    if (!(task instanceof Task.Rosenbrock(int n, Task.Way way))) {
      throw new IllegalArgumentException("Hipparchus: " + task);
    }
    double[] x = Rosenbrock.point(n);
    return switch (way) {
      case PLAIN -> new Evaluation(() -> new double[] {Rosenbrock.value(x)}, 1);
      case GRADIENT, REPLAY -> new Evaluation(() -> gradient(x), 1);
      case TANGENT -> {
        double[] dx = Rosenbrock.directions(1, n)[0];
        yield new Evaluation(() -> new double[] {tangent(x, dx)}, 1);
      }
      case TANGENTS -> {
        double[][] dx = Rosenbrock.directions(Rosenbrock.TANGENTS, n);
        yield new Evaluation(() -> tangents(x, dx), Rosenbrock.TANGENTS);
      }
    };
  }

  private static double[] gradient(double[] point) {
    var x = new Gradient[point.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = Gradient.variable(x.length, i, point[i]);
    }
    return value(x).getGradient();
  }

  private static double[] tangents(double[] point, double[][] directions) {
    var x = new Gradient[point.length];
    for (int i = 0; i < x.length; i++) {
      double[] derivatives = new double[directions.length];
      for (int d = 0; d < derivatives.length; d++) {
        derivatives[d] = directions[d][i];
      }
      x[i] = new Gradient(point[i], derivatives);
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
