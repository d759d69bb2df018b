package org.kotangent.ad.internal;

/**
 * The logarithm of the gamma function and its derivatives ψ⁽ⁿ⁾.
 *
 * <p>All of them come from two expansions (Abramowitz and Stegun 1964, chapters 6 and 23): for
 * large arguments the asymptotic series in Bernoulli numbers, reached from below by the recurrences
 * Γ(x + 1) = xΓ(x) and ψ⁽ⁿ⁾(x + 1) = ψ⁽ⁿ⁾(x) + (−1)ⁿ n! x⁻ⁿ⁻¹; and, around the zeros 1 and 2 of ln
 * Γ, where the former would cancel, the Taylor series whose coefficients are ζ(k) − 1. Negative
 * arguments are reflected.
 */
public final class Gamma {
  /** B₂ₖ for k = 1, 2, …. */
  private static final double[] BERNOULLI = {
    1 / 6.0,
    -1 / 30.0,
    1 / 42.0,
    -1 / 30.0,
    5 / 66.0,
    -691 / 2730.0,
    7 / 6.0,
    -3617 / 510.0,
    43867 / 798.0,
    -174611 / 330.0,
    854513 / 138.0
  };

  /**
   * Where the asymptotic series for ln Γ and ψ are accurate to the last bits; plus the order for
   * ψ⁽ⁿ⁾.
   */
  private static final double LARGE = 12;

  private static final double EULER = 0.5772156649015329;
  private static final double HALF_LOG_TWO_PI = 0.9189385332046728;
  private static final double[] ZETA_MINUS_ONE = zetaMinusOne(64);

  private Gamma() {}

  /** ln|Γ(x)|; +∞ at 0, −1, −2, … and at ±∞. */
  public static double logGamma(double x) {
    if (Double.isInfinite(x)) {
      return Double.POSITIVE_INFINITY;
    }
    if (x <= 0) {
      return x == Math.rint(x)
          ? Double.POSITIVE_INFINITY
          : Math.log(Math.PI / Math.abs(sinPi(x))) - logGammaOfSuccessor(-x);
    }
    return x < 0.5 ? logGammaOfSuccessor(x) - Math.log(x) : logGammaOfSuccessor(x - 1);
  }

  /** ln Γ(1 + z) for z ≥ −½. */
  private static double logGammaOfSuccessor(double z) {
    if (z <= 0.5) {
      return taylor(z) - Math.log1p(z) + z * (1 - EULER);
    }
    if (z >= LARGE) {
      return stirling(z + 1);
    }
    double w = z - 1; // Γ(2 + w), reduced to |w| ≤ ½
    double product = 1;
    for (; w > 0.5; w--) {
      product *= w + 1;
    }
    return Math.log(product) + (taylor(w) + w * (1 - EULER));
  }

  private static double stirling(double x) {
    double sum = 0;
    double square = 1 / (x * x);
    for (int k = BERNOULLI.length; k >= 1; k--) {
      sum = sum * square + BERNOULLI[k - 1] / (2.0 * k * (2 * k - 1));
    }
    return (x - 0.5) * (Math.log(x) - 1) - 0.5 + HALF_LOG_TWO_PI + sum / x;
  }

  /** Σ (−1)ᵏ (ζ(k) − 1) zᵏ/k from k = 2, for |z| ≤ ½ (Abramowitz and Stegun 6.1.33). */
  private static double taylor(double z) {
    double sum = 0;
    for (int k = ZETA_MINUS_ONE.length - 1; k >= 2; k--) {
      sum = ZETA_MINUS_ONE[k] / k - sum * z;
    }
    return sum * z * z;
  }

  /**
   * ψ⁽ⁿ⁾(x), the derivative of order n + 1 of ln|Γ|; NaN at 0, −1, −2, … for even n, else +∞ there.
   *
   * @param n 0, 1, 2, …
   */
  public static double polygamma(double n, double x) {
    int order = (int) n;
    if (order != n || order < 0 || Double.isNaN(x) || x == Double.NEGATIVE_INFINITY) {
      return Double.NaN;
    }
    if (x <= 0) {
      if (x == Math.rint(x)) {
        return order % 2 == 0 ? Double.NaN : Double.POSITIVE_INFINITY;
      }
      double reflected = polygamma(n, 1 - x);
      return (order % 2 == 0 ? reflected : -reflected) - Math.PI * cotangent(order, x);
    }
    return order == 0 ? digamma(x) : (order % 2 == 0 ? -1 : 1) * factorialZeta(order, x);
  }

  private static double digamma(double x) {
    double shift = 0;
    double y = x;
    for (; y < LARGE; y++) {
      shift += 1 / y;
    }
    double sum = 0;
    double square = 1 / (y * y);
    for (int k = BERNOULLI.length; k >= 1; k--) {
      sum = (sum + BERNOULLI[k - 1] / (2 * k)) * square;
    }
    return Math.log(y) - 0.5 / y - sum - shift;
  }

  /** n! ζ(n + 1, x), n ≥ 1, by the Euler–Maclaurin formula (ibid. 6.4.11). */
  private static double factorialZeta(int n, double x) {
    double factorial = 1; // (n − 1)!
    for (int k = 2; k < n; k++) {
      factorial *= k;
    }
    double shift = 0;
    double y = x;
    for (; y < LARGE + n; y++) {
      shift += Math.pow(y, -n - 1);
    }
    double power = Math.pow(y, -n);
    double sum = 0;
    double term =
        n / (y * y); // (n + 2k − 1)!/((2k)! (n − 1)!) y⁻²ᵏ without the Bernoulli number, from k =
    // 1 times 2
    for (int k = 1; k <= BERNOULLI.length; k++) {
      double rising =
          k == 1
              ? (n + 1) / 2.0
              : (n + 2.0 * k - 2) * (n + 2 * k - 1) / ((2.0 * k - 1) * 2 * k * y * y);
      term *= rising;
      sum += BERNOULLI[k - 1] * term;
    }
    return factorial * (power * (1 + n / (2 * y) + sum) + n * shift);
  }

  /** dⁿ/dxⁿ cot πx, from d/dx p(cot πx) = −π(1 + c²)p′(c). */
  private static double cotangent(int n, double x) {
    double[] p = new double[n + 2];
    p[1] = 1;
    for (int step = 1; step <= n; step++) {
      double[] next = new double[n + 2];
      for (int k = 1; k <= step; k++) {
        next[k - 1] -= k * p[k] * Math.PI;
        next[k + 1] -= k * p[k] * Math.PI;
      }
      p = next;
    }
    double reduced = x - Math.rint(x);
    double c = 1 / Math.tan(Math.PI * reduced);
    double sum = 0;
    for (int k = n + 1; k >= 0; k--) {
      sum = sum * c + p[k];
    }
    return sum;
  }

  /** sin πx without the rounding of πx for large x. */
  private static double sinPi(double x) {
    double reduced = x - 2 * Math.rint(x / 2);
    return Math.sin(Math.PI * reduced);
  }

  /** ζ(k) − 1 = Σ m⁻ᵏ from m = 2, at index k ≥ 2. */
  private static double[] zetaMinusOne(int size) {
    double[] zeta = new double[size];
    double factorial = 1;
    for (int k = 2; k < size; k++) {
      factorial *= k - 1;
      zeta[k] = factorialZeta(k - 1, 2) / factorial;
    }
    return zeta;
  }
}
