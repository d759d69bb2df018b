package org.kotangent.bench;

/** Rosenbrock's function by plain arithmetic, the yardstick of its gradients. */
public final class Rosenbrock {
  /** How many directions are taken at once. */
  public static final int TANGENTS = 64;

  private Rosenbrock() {}

  /** Where it is evaluated. */
  public static double[] point(int n) {
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = i % 2 == 0 ? -1.2 : 1;
    }
    return x;
  }

  /** Directions of its directional derivatives. */
  public static double[][] directions(int count, int n) {
    double[][] dx = new double[count][n];
    for (int d = 0; d < count; d++) {
      for (int i = 0; i < n; i++) {
        dx[d][i] = 1.0 / (i + d + 1);
      }
    }
    return dx;
  }

  /** Σ 100(xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)². */
  public static double value(double[] x) {
    double sum = 0;
    for (int i = 0; i + 1 < x.length; i++) {
      double a = x[i + 1] - x[i] * x[i];
      double b = 1 - x[i];
      sum += 100 * (a * a) + b * b;
    }
    return sum;
  }
}
