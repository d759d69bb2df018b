package org.kotangent.ad.internal;

import org.kotangent.ad.ScalarOp;

/**
 * Elementary functions of F32 numbers in additions, multiplications and operations on bits. How far
 * off they are is stated in {@code docs/numerics.md}.
 *
 * <p>The polynomials were fitted here: minimax for the relative error of the function, by iterated
 * reweighting of least squares on Chebyshev nodes (Lawson 1961), then rounded to float. Arguments
 * are reduced as in Cody and Waite 1980, chapters 5 and 6: eˣ = 2ⁿeʳ with |r| ≤ ½ ln 2, and ln x =
 * k ln 2 + ln m with m between √½ and √2.
 */
final class FloatFormulas {
  /** 1.5 · 2²³: adding it rounds to an integer, which is then found in the low bits. */
  private static final float ROUNDING = 0x1.8p23f;

  private static final int ROUNDING_BITS = Float.floatToRawIntBits(ROUNDING);
  private static final int BIAS = 127;
  private static final int MANTISSA = 23;

  private static final double LOG2_E = 1.4426950408889634;

  /** ln 2 in two parts, the first with so few bits that its product with an exponent is exact. */
  private static final float LN2_HIGH = 0x1.62ep-1f;

  private static final double LN2_LOW = Math.log(2) - LN2_HIGH;

  /** (eʳ − 1 − r)/r² for |r| ≤ ½ ln 2; error 4·10⁻¹⁰ of eʳ − 1. */
  private static final float[] EXP = {
    0.5f, 0x1.555554p-3f, 0x1.5554f2p-5f, 0x1.1111cap-7f, 0x1.6d40b8p-10f, 0x1.9fbde4p-13f
  };

  /** (ln(1 + f) − f + f²/2)/f³ for √½ ≤ 1 + f ≤ √2; error 8·10⁻¹⁰ of ln(1 + f). */
  private static final float[] LOG = {
    0x1.555548p-2f,
    -0x1.000006p-2f,
    0x1.99a4cap-3f,
    -0x1.555c5cp-3f,
    0x1.2335bp-3f,
    -0x1.fc1d46p-4f,
    0x1.e70714p-4f,
    -0x1.de660cp-4f,
    0x1.145736p-4f
  };

  /** erf(x)/x − 1 in x² for |x| ≤ 1; error 10⁻⁹ of erf. */
  private static final float[] ERF = {
    0x1.06eba8p-3f,
    -0x1.81273ep-2f,
    0x1.ce2cf8p-4f,
    -0x1.b7f90ep-6f,
    0x1.5405b2p-8f,
    -0x1.a3f7p-11f,
    0x1.496a32p-14f
  };

  /** ln erfc(x) for 1 ≤ x ≤ 4; error 10⁻⁹ of erf. */
  private static final float[] LOG_ERFC = {
    -0x1.661cd8p-12f,
    -0x1.2088eap+0f,
    -0x1.46baecp-1f,
    -0x1.a65346p-4f,
    0x1.65cb7cp-6f,
    -0x1.825b02p-9f,
    0x1.86dd94p-13f
  };

  private final Arithmetic a;

  private FloatFormulas(Arithmetic a) {
    this.a = a;
  }

  /** Whether there is a formula for the function. */
  static boolean has(ScalarOp op) {
    return switch (op) {
      case EXP, EXPM1, LOG, LOG1P, TANH, SIGMOID, SOFTPLUS, ERF -> true;
      default -> false;
    };
  }

  /** Appends the formula of the function of x; the result is in the local variable returned. */
  static int emit(ScalarOp op, Arithmetic arithmetic, int x) {
    FloatFormulas formulas = new FloatFormulas(arithmetic);
    return switch (op) {
      case EXP -> formulas.exp(x);
      case EXPM1 -> formulas.expm1(x);
      case LOG -> formulas.log(x);
      case LOG1P -> formulas.log1p(x);
      case TANH -> formulas.tanh(x);
      case SIGMOID -> formulas.sigmoid(x);
      case SOFTPLUS -> formulas.softplus(x);
      case ERF -> formulas.erf(x);
      default -> throw new IllegalArgumentException("no formula for " + op);
    };
  }

  /** e to the x as 2ⁿ(1 + p): n, and p = eʳ − 1. */
  private record Reduced(int n, int p) {}

  private int exp(int x) {
    return near(atMost(atLeast(x, -104), 89));
  }

  /**
   * eˣ for |x| not beyond some 150: 2ⁿ in two factors, because either end of its range is passed.
   */
  private int near(int x) {
    Reduced e = reduce(x);
    int half = a.shiftRight(e.n(), 1);
    int y = a.mul(a.add(e.p(), a.number(1)), power(half));
    return a.mul(y, power(a.minusBits(e.n(), half)));
  }

  /** e⁻|ˣ|. */
  private int decay(int x) {
    return near(atLeast(a.neg(a.abs(x)), -104));
  }

  /** 2ⁿ⁻¹p + (2ⁿ⁻¹ − ½), doubled, so that it overflows late; x itself near 0. */
  private int expm1(int x) {
    Reduced e = reduce(atMost(atLeast(x, -20), 89));
    int half = power(a.plusBits(e.n(), -1));
    int y = a.fma(half, e.p(), a.sub(half, a.number(0.5)));
    return a.select(a.less(a.abs(x), a.number(0x1p-26)), x, a.add(y, y));
  }

  /** −m/(2 + m) with m = e^(−2|x|) − 1 and the sign of x, which nowhere cancels. */
  private int tanh(int x) {
    Reduced e = reduce(atLeast(a.mul(a.abs(x), a.number(-2)), -40));
    int power = power(e.n());
    int m = a.fma(power, e.p(), a.sub(power, a.number(1)));
    return a.copySign(a.div(m, a.add(m, a.number(2))), x);
  }

  /** 1/(1 + e⁻ˣ) from e⁻|ˣ|, which does not overflow. */
  private int sigmoid(int x) {
    int e = decay(x);
    int one = a.number(1);
    return a.div(a.select(a.less(x, a.number(0)), e, one), a.add(e, one));
  }

  private int log(int x) {
    int small = a.less(x, a.number(Float.MIN_NORMAL));
    int scaled = a.select(small, a.mul(x, a.number(0x1p23)), x);
    int offset = a.select(small, a.number(-MANTISSA), a.number(0));
    return edges(x, x, logarithm(scaled, offset, -1));
  }

  /** ln u and the part of 1 + x that was lost when u was rounded, over u; x itself at 0. */
  private int log1p(int x) {
    int u = a.add(x, a.number(1));
    return a.select(a.equal(x, a.number(0)), x, edges(x, u, logarithm(u, -1, lost(x, u))));
  }

  /** max(x, 0) + ln(1 + e⁻|ˣ|), which does not overflow. */
  private int softplus(int x) {
    int e = decay(x);
    int u = a.add(e, a.number(1));
    int zero = a.number(0);
    return a.add(a.select(a.less(zero, x), x, zero), logarithm(u, -1, lost(e, u)));
  }

  /** x + x·P(x²) below 1, and 1 − e^Q(|x|) with the sign of x above. */
  private int erf(int x) {
    int size = a.abs(x);
    int four = a.number(4);
    int one = a.number(1);
    int square = a.mul(x, x);
    int inner = a.fma(x, polynomial(ERF, square), x);
    int far = a.select(a.less(four, size), four, size);
    int outer = a.copySign(a.sub(one, near(polynomial(LOG_ERFC, far))), x);
    return a.select(a.less(size, one), inner, outer);
  }

  private Reduced reduce(int x) {
    int shift = a.number(ROUNDING);
    int shifted = a.fma(x, a.number(LOG2_E), shift);
    int n = a.sub(shifted, shift);
    int r = a.fma(n, a.number(-LN2_LOW), a.fma(n, a.number(-LN2_HIGH), x));
    int p = a.fma(a.mul(r, r), polynomial(EXP, r), r);
    return new Reduced(a.plusBits(a.bits(shifted), -ROUNDING_BITS), p);
  }

  /** 2 to an integer that is an exponent of ordinary numbers. */
  private int power(int n) {
    return a.ofBits(a.shiftLeft(a.plusBits(n, BIAS), MANTISSA));
  }

  /**
   * ln u for an ordinary positive u.
   *
   * @param offset what to add to its exponent, or −1
   * @param low what to add to the result, or −1
   */
  private int logarithm(int u, int offset, int low) {
    int bits = a.bits(u);
    int exponent =
        a.shiftRight(a.plusBits(bits, -Float.floatToRawIntBits((float) Math.sqrt(0.5))), MANTISSA);
    int m = a.ofBits(a.minusBits(bits, a.shiftLeft(exponent, MANTISSA)));
    int k = a.sub(a.ofBits(a.plusBits(exponent, ROUNDING_BITS)), a.number(ROUNDING));
    if (offset >= 0) {
      k = a.add(k, offset);
    }
    int f = a.sub(m, a.number(1));
    int square = a.mul(f, f);
    int ln2Low = a.number(LN2_LOW);
    int y = low >= 0 ? a.fma(k, ln2Low, low) : a.mul(k, ln2Low);
    y = a.fma(a.mul(square, f), polynomial(LOG, f), y);
    y = a.fma(square, a.number(-0.5), y);
    return a.fma(k, a.number(LN2_HIGH), a.add(f, y));
  }

  /** (1 + x − u)/u for u = 1 + x rounded. */
  private int lost(int x, int u) {
    int one = a.number(1);
    int part = a.sub(u, one);
    return a.div(a.add(a.sub(one, a.sub(u, part)), a.sub(x, part)), u);
  }

  /** The logarithm of u, which is x or 1 + x: −∞ at 0, NaN below, and ∞ and NaN as they are. */
  private int edges(int x, int u, int logarithm) {
    int zero = a.number(0);
    int y = a.select(a.less(x, a.number(Float.POSITIVE_INFINITY)), logarithm, x);
    y = a.select(a.equal(u, zero), a.number(Float.NEGATIVE_INFINITY), y);
    return a.select(a.less(u, zero), a.number(Float.NaN), y);
  }

  private int atLeast(int x, double low) {
    int bound = a.number(low);
    return a.select(a.less(x, bound), bound, x);
  }

  private int atMost(int x, double high) {
    int bound = a.number(high);
    return a.select(a.less(bound, x), bound, x);
  }

  private int polynomial(float[] coefficients, int x) {
    int sum = a.number(coefficients[coefficients.length - 1]);
    for (int k = coefficients.length - 2; k >= 0; k--) {
      sum = a.fma(sum, x, a.number(coefficients[k]));
    }
    return sum;
  }
}
