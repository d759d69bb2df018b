package org.kotangent.samples;

import org.kotangent.ad.scalar.Real;
import org.kotangent.ad.scalar.Reals;
import org.kotangent.ad.scalar.Recorded;

/**
 * Three bodies that attract each other. Only their potential energy is written down; the forces are
 * its gradient, recorded once and compiled: {@code ./kotangent run
 * samples/src/main/java/org/kotangent/samples/Orbits.java}.
 */
public final class Orbits {
  private static final int BODIES = 3;

  private Orbits() {}

  /** −Σ 1/|xᵢ − xⱼ| for bodies of mass 1 in the plane; x: x₀, y₀, x₁, y₁, …. */
  static Real potential(Real[] x) {
    Real energy = Real.of(0);
    for (int i = 0; i < BODIES; i++) {
      for (int j = 0; j < i; j++) {
        Real distance = x[2 * i].minus(x[2 * j]).hypot(x[2 * i + 1].minus(x[2 * j + 1]));
        energy = energy.minus(distance.reciprocal());
      }
    }
    return energy;
  }

  /** Follows the bodies by the leapfrog method; returns by how much their energy changed. */
  public static double drift(int steps, double dt) {
    // The figure-eight orbit of Chenciner and Montgomery 2000.
    double[] x = {0.97000436, -0.24308753, -0.97000436, 0.24308753, 0, 0};
    double[] v = {0.466203685, 0.43236573, 0.466203685, 0.43236573, -0.93240737, -0.86473146};
    Recorded energy = Reals.record(Orbits::potential, x).compile();
    double before = energy.value(x) + kinetic(v);
    double[] slope = energy.gradient(x);
    for (int step = 0; step < steps; step++) {
      move(v, slope, -dt / 2);
      move(x, v, dt);
      slope = energy.gradient(x);
      move(v, slope, -dt / 2);
    }
    return energy.value(x) + kinetic(v) - before;
  }

  private static void move(double[] x, double[] by, double factor) {
    for (int i = 0; i < x.length; i++) {
      x[i] += factor * by[i];
    }
  }

  private static double kinetic(double[] v) {
    double sum = 0;
    for (double component : v) {
      sum += component * component / 2;
    }
    return sum;
  }

  /** Prints how well energy is conserved, which it is only if the forces are right. */
  public static void main(String[] args) {
    System.out.println("change of energy over 20 orbits:");
    for (int steps = 10_000; steps <= 80_000; steps *= 2) {
      System.out.printf("%6d steps: %.1e%n", steps, drift(steps, 20 * 6.3259 / steps));
    }
  }
}
