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

  /** The largest n whose (n − 1)! is a double. */
  private static final int FACTORIALS = 171;

  /** From this order on a cotangent is its nearest poles. */
  private static final int STEEP = 20;

  private static final int POLES = 5;

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
    return (x - 0.5) * (Math.log(x) - 1) - 0.5 + HALF_LOG_TWO_PI + remainder(x);
  }

  /** What Stirling's formula lacks of ln Γ(x), a series in 1/x. */
  private static double remainder(double x) {
    double sum = 0;
    double square = 1 / (x * x);
    for (int k = BERNOULLI.length; k >= 1; k--) {
      sum = sum * square + BERNOULLI[k - 1] / (2.0 * k * (2 * k - 1));
    }
    return sum / x;
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
   * The work does not grow with n.
   *
   * @param n 0, 1, 2, …; NaN for another
   */
  public static double polygamma(double n, double x) {
    if (n < 0
        || n != Math.rint(n)
        || Double.isInfinite(n)
        || Double.isNaN(x)
        || x == Double.NEGATIVE_INFINITY) {
      return Double.NaN;
    }
    boolean even = n % 2 == 0;
    if (x <= 0) {
      if (x == Math.rint(x)) {
        return even ? Double.NaN : Double.POSITIVE_INFINITY;
      }
      double poles = cotangent(n, x);
      double reflected = Double.isInfinite(poles) ? 0 : polygamma(n, 1 - x);
      return (even ? reflected : -reflected) - poles;
    }
    return n == 0 ? digamma(x) : (even ? -1 : 1) * factorialZeta(n, x);
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

  /** n! ζ(n + 1, x), n ≥ 1. */
  private static double factorialZeta(double n, double x) {
    return factorialOverPower(n, x) * scaledZeta(n, x);
  }

  /** (n − 1)!/xⁿ. */
  private static double factorialOverPower(double n, double x) {
    if (n > FACTORIALS) {
      double leading = n * (Math.log(n / x) - 1) - 0.5 * Math.log(n);
      return Math.exp(leading + HALF_LOG_TWO_PI + remainder(n));
    }
    double factorial = 1;
    for (int k = 2; k < n; k++) {
      factorial *= k;
    }
    double half = Math.rint(n / 2); // Either part of the power is in range if the product is.
    return factorial * Math.pow(x, -half) * Math.pow(x, half - n);
  }

  /**
   * n xⁿ ζ(n + 1, x): terms n/x · (x/(x + k))ⁿ⁺¹ until they vanish or the Euler–Maclaurin formula
   * (Abramowitz and Stegun 6.4.11) gives the rest, after some 60 at most.
   */
  private static double scaledZeta(double n, double x) {
    double sum = 0;
    double y = x;
    double ratio = 1; // (x/y)ⁿ
    for (int k = 1; y < LARGE + n; k++) {
      double term = n / y * ratio;
      sum += term;
      if (term < sum * 1e-18) {
        return sum;
      }
      y = x + k;
      ratio = Math.exp(-n * Math.log1p(k / x));
    }
    return sum + ratio * (1 + n / (2 * y) + eulerMaclaurin(n, y));
  }

  /** Σ B₂ₖ (n + 2k − 1)!/((2k)! (n − 1)!) y⁻²ᵏ. */
  private static double eulerMaclaurin(double n, double y) {
    double sum = 0;
    double term = n / y * (n + 1) / y / 2;
    for (int k = 1; k <= BERNOULLI.length; k++) {
      sum += BERNOULLI[k - 1] * term;
      term *= (n + 2 * k) / y * ((n + 2 * k + 1) / y) / ((2.0 * k + 1) * (2 * k + 2));
    }
    return sum;
  }

  /** π dⁿ/dxⁿ cot πx. */
  private static double cotangent(double n, double x) {
    double reduced = x - Math.rint(x);
    return n < STEEP ? Math.PI * polynomial((int) n, reduced) : poles(n, reduced);
  }

  /** dⁿ/dxⁿ cot πx, from d/dx p(cot πx) = −π(1 + c²)p′(c). */
  private static double polynomial(int n, double x) {
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
    double size = Math.abs(x); // At ½ the cotangent is exactly 0.
    double c = size < 0.25 ? 1 / Math.tan(Math.PI * size) : Math.tan(Math.PI * (0.5 - size));
    c = Math.copySign(c, x);
    double sum = 0;
    for (int k = n + 1; k >= 0; k--) {
      sum = sum * c + p[k];
    }
    return sum;
  }

  /** (−1)ⁿ n! Σ (x + j)⁻ⁿ⁻¹ over integers j, |x| ≤ ½; of which few count when n is large. */
  private static double poles(double n, double x) {
    boolean even = n % 2 == 0;
    double a = Math.abs(x);
    double sum = 0;
    for (int j = 0; j < POLES; j++) {
      double left = Math.pow(a / (a + j), n + 1);
      double right = Math.pow(a / (j + 1 - a), n + 1);
      sum += even ? left - right : left + right;
    }
    double sign = even ? Math.signum(x) : -1;
    return sum == 0 ? 0 : sign * factorialOverPower(n, a) * (n / a) * sum;
  }

  /** sin πx without the rounding of πx for large x. */
  private static double sinPi(double x) {
    double reduced = x - 2 * Math.rint(x / 2);
    return Math.sin(Math.PI * reduced);
  }

  /** ζ(k) − 1 = Σ m⁻ᵏ from m = 2, at index k ≥ 2. */
  private static double[] zetaMinusOne(int size) {
    double[] zeta = new double[size];
    for (int k = 2; k < size; k++) {
      zeta[k] = scaledZeta(k - 1, 2) / ((k - 1) * Math.pow(2, k - 1));
    }
    return zeta;
  }
}
