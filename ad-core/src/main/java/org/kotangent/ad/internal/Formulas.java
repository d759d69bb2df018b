package org.kotangent.ad.internal;

import org.kotangent.ad.DType;
import org.kotangent.ad.ScalarOp;

/**
 * Elementary functions of floating-point numbers in additions, multiplications, divisions and
 * operations on bits. How far off they are is stated in {@code docs/numerics.md}.
 *
 * <p>Arguments are reduced as in Cody and Waite 1980, chapters 5 and 6: eˣ = 2ⁿeʳ with |r| ≤ ½ ln
 * 2, and ln x = k ln 2 + ln m with m between √½ and √2. For the polynomials see {@link Precision}.
 */
final class Formulas {
  private static final double LOG2_E = 1.4426950408889634;

  /** Coefficients of a polynomial that is evaluated in two halves. */
  private static final int LONG = 10;

  /** erf(x)/x − 1 in x² for |x| ≤ 1, for F32; error 10⁻⁹ of erf. */
  private static final double[] ERF = {
    0x1.06eba8p-3,
    -0x1.81273ep-2,
    0x1.ce2cf8p-4,
    -0x1.b7f90ep-6,
    0x1.5405b2p-8,
    -0x1.a3f7p-11,
    0x1.496a32p-14
  };

  /** ln erfc(x) for 1 ≤ x ≤ 4, for F32; error 10⁻⁹ of erf. */
  private static final double[] LOG_ERFC = {
    -0x1.661cd8p-12,
    -0x1.2088eap+0,
    -0x1.46baecp-1,
    -0x1.a65346p-4,
    0x1.65cb7cp-6,
    -0x1.825b02p-9,
    0x1.86dd94p-13
  };

  private final Arithmetic a;
  private final Precision type;

  private Formulas(Arithmetic a) {
    this.a = a;
    this.type = Precision.of(a.type());
  }

  /** Whether there is a formula for the function of numbers of the type. */
  static boolean has(ScalarOp op, DType type) {
    return switch (op) {
      case EXP, EXPM1, LOG, LOG1P, TANH, SIGMOID, SOFTPLUS -> type.isFloating();
      case ERF -> type == DType.F32;
      default -> false;
    };
  }

  /** Appends the formula of the function of x; the result is in the local variable returned. */
  static int emit(ScalarOp op, Arithmetic arithmetic, int x) {
    Formulas formulas = new Formulas(arithmetic);
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

  /** e to the x as 2ⁿ(1 + p): n, a number, n as its low bits, and p = eʳ − 1. */
  private record Reduced(int n, int bits, int p) {}

  private int exp(int x) {
    return near(atMost(atLeast(x, type.range.zero()), type.range.infinite()));
  }

  /** eˣ for x not far beyond its range: 2ⁿ in two factors, because either end is passed. */
  private int near(int x) {
    Reduced e = reduce(x);
    int shift = a.number(type.rounding());
    int shifted = a.fma(e.n(), a.number(0.5), shift);
    int rest = a.add(a.sub(e.n(), a.sub(shifted, shift)), shift);
    int y = a.mul(a.add(e.p(), a.number(1)), power(a.bits(shifted)));
    return a.mul(y, power(a.bits(rest)));
  }

  /** e⁻|ˣ|. */
  private int decay(int x) {
    return near(atLeast(a.neg(a.abs(x)), type.range.zero()));
  }

  /** 2ⁿ⁻¹p + (2ⁿ⁻¹ − ½), doubled, so that it overflows late; x itself near 0. */
  private int expm1(int x) {
    Reduced e = reduce(atMost(atLeast(x, type.range.minusOne()), type.range.infinite()));
    int half = power(a.plusBits(e.bits(), -1));
    int y = a.fma(half, e.p(), a.sub(half, a.number(0.5)));
    return a.select(a.less(a.abs(x), a.number(type.range.tiny())), x, a.add(y, y));
  }

  /** −m/(2 + m) with m = e^(−2|x|) − 1 and the sign of x, which nowhere cancels. */
  private int tanh(int x) {
    Reduced e = reduce(atLeast(a.mul(a.abs(x), a.number(-2)), -40));
    int power = power(e.bits());
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
    int small = a.less(x, a.number(type.smallest()));
    int scaled = a.select(small, a.mul(x, a.number(Math.scalb(1.0, type.mantissa))), x);
    int offset = a.select(small, a.number(-type.mantissa), a.number(0));
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
    int shift = a.number(type.rounding());
    int shifted = a.fma(x, a.number(LOG2_E), shift);
    int n = a.sub(shifted, shift);
    int r = a.fma(n, a.number(-type.ln2Low), a.fma(n, a.number(-type.ln2High), x));
    int p = a.fma(a.mul(r, r), polynomial(type.exp, r), r);
    return new Reduced(n, a.bits(shifted), p);
  }

  /** 2 to the power whose exponent, as ordinary numbers have it, is in the low bits. */
  private int power(int bits) {
    return a.ofBits(a.shiftLeft(bits, type.mantissa));
  }

  /**
   * ln u for an ordinary positive u. The bits of √½ become those of 1 before the exponent is taken.
   *
   * @param offset what to add to its exponent, or −1
   * @param low what to add to the result, or −1
   */
  private int logarithm(int u, int offset, int low) {
    int bits = a.bits(u);
    long one = type.bits(1);
    int exponent = a.shiftRight(a.plusBits(bits, one - type.bits(Math.sqrt(0.5))), type.mantissa);
    int m = a.ofBits(a.plusBits(a.minusBits(bits, a.shiftLeft(exponent, type.mantissa)), one));
    int shifted = a.ofBits(a.plusBits(exponent, type.bits(type.rounding() - type.bias)));
    int k = a.sub(shifted, a.number(type.rounding()));
    if (offset >= 0) {
      k = a.add(k, offset);
    }
    int f = a.sub(m, a.number(1));
    int square = a.mul(f, f);
    int ln2Low = a.number(type.ln2Low);
    int y = low >= 0 ? a.fma(k, ln2Low, low) : a.mul(k, ln2Low);
    y = a.fma(a.mul(square, f), polynomial(type.log, f), y);
    y = a.fma(square, a.number(-0.5), y);
    return a.fma(k, a.number(type.ln2High), a.add(f, y));
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
    int y = a.select(a.less(x, a.number(Double.POSITIVE_INFINITY)), logarithm, x);
    y = a.select(a.equal(u, zero), a.number(Double.NEGATIVE_INFINITY), y);
    return a.select(a.less(u, zero), a.number(Double.NaN), y);
  }

  private int atLeast(int x, double low) {
    int bound = a.number(low);
    return a.select(a.less(x, bound), bound, x);
  }

  private int atMost(int x, double high) {
    int bound = a.number(high);
    return a.select(a.less(bound, x), bound, x);
  }

  /** By Horner's rule; of a long one the even and the odd powers apart, which do not wait. */
  private int polynomial(double[] coefficients, int x) {
    if (coefficients.length < LONG) {
      return horner(coefficients, 0, 1, x);
    }
    int square = a.mul(x, x);
    return a.fma(horner(coefficients, 1, 2, square), x, horner(coefficients, 0, 2, square));
  }

  /** A polynomial whose coefficients are every so many of the given ones. */
  private int horner(double[] coefficients, int first, int step, int x) {
    int last = first + (coefficients.length - 1 - first) / step * step;
    int sum = a.number(coefficients[last]);
    for (int k = last - step; k >= first; k -= step) {
      sum = a.fma(sum, x, a.number(coefficients[k]));
    }
    return sum;
  }
}
