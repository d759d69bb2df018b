package org.kotangent.ad.internal;

/** The elementary functions that {@link Math} lacks; called from generated code. */
public final class ScalarMath {
  private static final double TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

  private ScalarMath() {}

  /** x². */
  public static double square(double x) {
    return x * x;
  }

  /** 1/x. */
  public static double reciprocal(double x) {
    return 1 / x;
  }

  /**
   * Inverse hyperbolic sine, ln(|x| + √(x² + 1)) with the sign of x, without cancellation near 0.
   */
  public static double asinh(double x) {
    double a = Math.abs(x);
    double y =
        a > 1e150 ? Math.log(a) + Math.log(2) : Math.log1p(a + a * a / (1 + Math.sqrt(a * a + 1)));
    return Math.copySign(y, x);
  }

  /** Inverse hyperbolic cosine, ln(x + √(x² − 1)); NaN below 1. */
  public static double acosh(double x) {
    double t = x - 1;
    if (t < 0) {
      return Double.NaN;
    }
    return x > 1e150 ? Math.log(x) + Math.log(2) : Math.log1p(t + Math.sqrt(2 * t + t * t));
  }

  /** Inverse hyperbolic tangent, ½ ln((1 + x)/(1 − x)); ±∞ at ±1, NaN beyond. */
  public static double atanh(double x) {
    double a = Math.abs(x);
    return Math.copySign(0.5 * Math.log1p(2 * a / (1 - a)), x);
  }

  /**
   * Error function. Below 3 the all-positive series e^(−x²) Σ 2ⁿx²ⁿ⁺¹/(2n+1)!! (Abramowitz and
   * Stegun 1964, 7.1.6); above it the continued fraction of erfc (ibid. 7.1.14), evaluated from its
   * tail.
   */
  public static double erf(double x) {
    double a = Math.abs(x);
    if (!(a < 6)) {
      return Double.isNaN(x) ? x : Math.copySign(1, x);
    }
    return Math.copySign(a < 3 ? series(a) : 1 - tail(a), x);
  }

  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; term > sum * 1e-17; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return TWO_OVER_ROOT_PI * Math.exp(-x * x) * sum;
  }

  private static double tail(double x) {
    double f = x;
    for (int n = 60; n >= 1; n--) {
      f = x + n / 2.0 / f;
    }
    return Math.exp(-x * x) / f / Math.sqrt(Math.PI);
  }
}
