package org.kotangent.ad.scalar;

import java.util.Arrays;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * Derivatives of functions of real numbers. The function is any code that computes with the {@link
 * Real} it is given, with its own control flow; it runs once for each call, unless it is recorded.
 *
 * <p>Transformations that take and return reals nest in any order: the derivative of a function in
 * which derivatives are taken is right, whatever it captures. All may run on many threads at once.
 * A result that does not depend on an argument has an exactly zero derivative.
 *
 * <p>Source: Griewank and Walther 2008, chapters 3 and 13.
 */
@SuppressWarnings("ArrayRecordComponent") // Results are arrays as arguments are, and not compared.
public final class Reals {
  private Reals() {}

  /** A value and its gradient. */
  public record ValueAndGradient(double value, double[] gradient) {}

  /** The values of a function and, for each direction, their tangents. */
  public record Jvp(double[] values, double[][] tangents) {}

  /**
   * The values of a function and its pullback w ↦ Jᵀ·w, which may be applied any number of times.
   */
  public record Vjp(double[] values, UnaryOperator<double[]> pullback) {}

  /** Plain numbers. */
  public static Real[] of(double... x) {
    Real[] r = new Real[x.length];
    Arrays.setAll(r, i -> Real.of(x[i]));
    return r;
  }

  /** The numbers of reals; see {@link Real#value}. */
  public static double[] values(Real... x) {
    return Arrays.stream(x).mapToDouble(Real::value).toArray();
  }

  // ---- functions of one number

  /** The derivative x ↦ f′(x), by forward mode. */
  public static UnaryOperator<Real> derivative(UnaryOperator<Real> f) {
    return x -> {
      Linearisation level = new Linearisation("derivative", 1);
      Real y;
      try {
        y = f.apply(level.value(x, Flat.ONE, 0));
      } finally {
        level.close();
      }
      Real slope = level.outputSlope(y);
      return slope == null ? Flat.ZERO : slope;
    };
  }

  /** f′(x). */
  public static double derivative(UnaryOperator<Real> f, double x) {
    return derivative(f).apply(Real.of(x)).value();
  }

  /**
   * The Taylor coefficients c₀, …, cₙ of f(x + t) = Σ cₖtᵏ, where cₖ = f⁽ᵏ⁾(x)/k!.
   *
   * @throws org.kotangent.ad.DomainException when the order is negative
   */
  public static Real[] taylor(UnaryOperator<Real> f, Real x, int order) {
    if (order < 0) {
      throw Checks.domain(
          "taylor", "the order must not be negative", "order: " + order, "give 0 or more");
    }
    Expansion level = new Expansion("taylor", order);
    Real y;
    try {
      y = f.apply(level.argument(x));
    } finally {
      level.close();
    }
    return level.coefficientsOf(y);
  }

  /** Taylor coefficients at a number; see {@link #taylor(UnaryOperator, Real, int)}. */
  public static double[] taylor(UnaryOperator<Real> f, double x, int order) {
    return values(taylor(f, Real.of(x), order));
  }

  /** The derivative of order n, x ↦ f⁽ⁿ⁾(x), from Taylor coefficients. */
  public static UnaryOperator<Real> nthDerivative(UnaryOperator<Real> f, int n) {
    return x -> {
      Real y = taylor(f, x, n)[n];
      for (int k = 2; k <= n; k++) {
        y = y.times(k);
      }
      return y;
    };
  }

  /** f⁽ⁿ⁾(x). */
  public static double nthDerivative(UnaryOperator<Real> f, double x, int n) {
    return nthDerivative(f, n).apply(Real.of(x)).value();
  }

  // ---- functions of several numbers

  /** The gradient x ↦ ∇f(x), by reverse mode. */
  public static UnaryOperator<Real[]> gradient(Function<? super Real[], Real> f) {
    return x -> {
      LinearMap map = LinearMap.at("gradient", single(f), x);
      Real[] g = map.pull(new Real[] {Flat.ONE});
      map.release();
      return g;
    };
  }

  /** ∇f(x). */
  public static double[] gradient(Function<? super Real[], Real> f, double... x) {
    return valueAndGradient(f, x).gradient();
  }

  /** f(x) and ∇f(x), from one run of f. */
  public static ValueAndGradient valueAndGradient(Function<? super Real[], Real> f, double... x) {
    LinearMap map = LinearMap.at("gradient", single(f), x);
    double value = map.numbers()[0];
    double[] g = map.pull(new double[] {1});
    map.release();
    return new ValueAndGradient(value, g);
  }

  /** The Jacobian x ↦ J(x), of which entry [j][i] is ∂fⱼ/∂xᵢ. */
  public static Function<Real[], Real[][]> jacobian(Function<? super Real[], Real[]> f) {
    return x -> {
      LinearMap map = LinearMap.at("jacobian", f, x);
      Real[][] j = map.jacobianInReals();
      map.release();
      return j;
    };
  }

  /** J(x), from one run of f and as many sweeps as the cheaper of the modes needs. */
  public static double[][] jacobian(Function<? super Real[], Real[]> f, double... x) {
    LinearMap map = LinearMap.at("jacobian", f, x);
    double[][] j = map.jacobian();
    map.release();
    return j;
  }

  /** The Hessian x ↦ ∇²f(x). */
  public static Function<Real[], Real[][]> hessian(Function<? super Real[], Real> f) {
    return jacobian(gradient(f));
  }

  /** ∇²f(x). */
  public static double[][] hessian(Function<? super Real[], Real> f, double... x) {
    return jacobian(gradient(f), x);
  }

  /**
   * Hessian-vector product ∇²f(x)·v, by forward over reverse; the Hessian is not formed.
   *
   * @throws org.kotangent.ad.DomainException when x and v differ in length
   */
  public static Real[] hvp(Function<? super Real[], Real> f, Real[] x, Real[] v) {
    return jvp(gradient(f), x, v);
  }

  /** Hessian-vector product of numbers; see {@link #hvp(Function, Real[], Real[])}. */
  public static double[] hvp(Function<? super Real[], Real> f, double[] x, double[] v) {
    return values(hvp(f, of(x), of(v)));
  }

  /**
   * The tangent J(x)·ẋ along one direction, by forward mode: nothing is taped, whatever f computes.
   *
   * @throws org.kotangent.ad.DomainException when x and dx differ in length
   */
  public static Real[] jvp(Function<? super Real[], Real[]> f, Real[] x, Real[] dx) {
    Checks.sameLength("jvp", x.length, "dx", dx.length);
    return along(f, x.length, level -> i -> level.value(x[i], dx[i], 0)).tangents();
  }

  /**
   * The values of f and their tangents J(x)·ẋ along any number of directions, from one run of f.
   *
   * @throws org.kotangent.ad.DomainException when x and a direction differ in length
   */
  public static Jvp jvp(Function<? super Real[], Real[]> f, double[] x, double[]... dx) {
    for (double[] d : dx) {
      Checks.sameLength("jvp", x.length, "dx", d.length);
    }
    if (dx.length == 1) {
      Along one = along(f, x.length, level -> i -> new Flat(level, x[i], dx[0][i], 0));
      return new Jvp(values(one.values()), new double[][] {values(one.tangents())});
    }
    LinearMap map = LinearMap.at("jvp", f, x);
    double[][] tangents = map.push(dx);
    map.release();
    return new Jvp(map.numbers(), tangents);
  }

  private record Along(Real[] values, Real[] tangents) {}

  /** Runs f on values with a single node, so that their slopes are tangents. */
  private static Along along(
      Function<? super Real[], Real[]> f,
      int n,
      Function<Linearisation, IntFunction<Real>> argument) {
    Linearisation level = new Linearisation("jvp", 1);
    Real[] arguments = new Real[n];
    Arrays.setAll(arguments, argument.apply(level));
    Real[] y;
    try {
      y = f.apply(arguments);
    } finally {
      level.close();
    }
    Real[] values = new Real[y.length];
    Real[] tangents = new Real[y.length];
    for (int j = 0; j < y.length; j++) {
      Real slope = level.outputSlope(y[j]);
      values[j] = level.primal(y[j]);
      tangents[j] = slope == null ? Flat.ZERO : slope;
    }
    return new Along(values, tangents);
  }

  /** The values of f and its pullback w ↦ J(x)ᵀ·w. */
  public static Vjp vjp(Function<? super Real[], Real[]> f, double... x) {
    LinearMap map = LinearMap.at("vjp", f, x);
    double[] values = map.numbers();
    return new Vjp(
        values,
        w -> {
          Checks.sameResults("vjp", values.length, w.length);
          synchronized (map) {
            return map.pull(w);
          }
        });
  }

  // ---- recording

  /**
   * Runs f once and keeps what it computes with its arguments, to be replayed for others. Control
   * flow is that of the example: comparisons are kept too, and a replay in which one of them turns
   * out differently is an error, never a wrong result.
   *
   * @throws org.kotangent.ad.DomainException when f reads the number of a value with {@link
   *     Real#value}, or captures a value of a derivation around it
   */
  public static Recorded record(Function<? super Real[], Real> f, double... example) {
    return Recorder.record(single(f), example);
  }

  /** Records a function with several results; see {@link #record}. */
  public static Recorded recordAll(Function<? super Real[], Real[]> f, double... example) {
    return Recorder.record(f, example);
  }

  private static Function<Real[], Real[]> single(Function<? super Real[], Real> f) {
    return x -> new Real[] {f.apply(x)};
  }
}
