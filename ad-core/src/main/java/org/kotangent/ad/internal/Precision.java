package org.kotangent.ad.internal;

import org.kotangent.ad.DType;

/**
 * A floating-point type as {@link Formulas} see it: its format, and polynomials and bounds that are
 * as good as its numbers.
 *
 * <p>The polynomials were fitted here: minimax for the relative error of the function, by iterated
 * reweighting of least squares on Chebyshev nodes (Lawson 1961), then rounded to the type.
 */
final class Precision {
  /** Of F32. */
  static final Precision F32 =
      new Precision(
          DType.F32,
          23,
          127,
          0x1.62ep-1,
          0x1.0bfbe8e7bcp-15,
          new Range(-104, 89, -20, 0x1p-26),
          // Error 4·10⁻¹⁰ of eʳ − 1.
          coefficients(
              0.5, 0x1.555554p-3, 0x1.5554f2p-5, 0x1.1111cap-7, 0x1.6d40b8p-10, 0x1.9fbde4p-13),
          // Error 8·10⁻¹⁰ of ln(1 + f).
          coefficients(
              0x1.555548p-2,
              -0x1.000006p-2,
              0x1.99a4cap-3,
              -0x1.555c5cp-3,
              0x1.2335bp-3,
              -0x1.fc1d46p-4,
              0x1.e70714p-4,
              -0x1.de660cp-4,
              0x1.145736p-4));

  /** Of F64. */
  static final Precision F64 =
      new Precision(
          DType.F64,
          52,
          1023,
          0x1.62e42feep-1,
          0x1.a39ef35793c76p-33,
          new Range(-746, 710, -40, 0x1p-54),
          // Error 9·10⁻¹⁹ of eʳ − 1.
          coefficients(
              0.5,
              0x1.5555555555559p-3,
              0x1.555555555553fp-5,
              0x1.111111110f6dap-7,
              0x1.6c16c16c1f082p-10,
              0x1.a01a01afd3dd3p-13,
              0x1.a01a017bc4113p-16,
              0x1.71ddf87ec036ap-19,
              0x1.27e5363075e4fp-22,
              0x1.af5e74ff1603ep-26,
              0x1.1ee8824ab2b19p-29),
          // Error 2·10⁻¹⁷ of ln(1 + f).
          coefficients(
              0x1.5555555555533p-2,
              -0x1.fffffffffef1dp-3,
              0x1.999999999f739p-3,
              -0x1.555555566b173p-3,
              0x1.24924922a4368p-3,
              -0x1.ffffff2bf02fcp-4,
              0x1.c71c71dff0a15p-4,
              -0x1.9999c26e3f582p-4,
              0x1.745d3f24a2d3cp-4,
              -0x1.5550ee206996cp-4,
              0x1.3b0b88326c0cdp-4,
              -0x1.24d752d1274eap-4,
              0x1.11cd0dc044591p-4,
              -0x1.fba1974a84b84p-5,
              0x1.d059a40825af2p-5,
              -0x1.d11fbbc752599p-5,
              0x1.0a634e4300731p-4,
              -0x1.ea07dc0cd7c58p-5,
              0x1.ac755da6bcb74p-6));

  /**
   * Where functions have reached their limits.
   *
   * @param zero eˣ is 0 from here down
   * @param infinite eˣ is ∞ from here up
   * @param minusOne eˣ − 1 is −1 from here down
   * @param tiny eˣ − 1 is x nearer to 0 than this
   */
  record Range(double zero, double infinite, double minusOne, double tiny) {}

  /** Bits of a number behind its leading one. */
  final int mantissa;

  /** What stands in the exponent of a number from 1 to 2. */
  final int bias;

  /** The first part of ln 2, with so few bits that its product with an exponent is exact. */
  final double ln2High;

  /** ln 2 less its first part. */
  final double ln2Low;

  final Range range;

  /** (eʳ − 1 − r)/r² for |r| ≤ ½ ln 2. */
  final double[] exp;

  /** (ln(1 + f) − f + f²/2)/f³ for √½ ≤ 1 + f ≤ √2. */
  final double[] log;

  private final DType type;

  private Precision(
      DType type,
      int mantissa,
      int bias,
      double ln2High,
      double ln2Low,
      Range range,
      double[] exp,
      double[] log) {
    this.type = type;
    this.mantissa = mantissa;
    this.bias = bias;
    this.ln2High = ln2High;
    this.ln2Low = ln2Low;
    this.range = range;
    this.exp = exp;
    this.log = log;
  }

  /** That of a floating type. */
  static Precision of(DType type) {
    return switch (type) {
      case F32 -> F32;
      case F64 -> F64;
      case I32, BOOL -> throw new IllegalArgumentException("there are no formulas for " + type);
    };
  }

  private static double[] coefficients(double... values) {
    return values;
  }

  /**
   * 1.5 · 2ᵐ + bias, m being the bits of the mantissa: adding it rounds to an integer, which is
   * then found in the low bits as the exponent of a power of 2.
   */
  double rounding() {
    return 1.5 * Math.scalb(1.0, mantissa) + bias;
  }

  /** The smallest number with a full mantissa. */
  double smallest() {
    return Math.scalb(1.0, 1 - bias);
  }

  /** The bits of a number rounded to the type. */
  long bits(double value) {
    return type == DType.F32
        ? Float.floatToRawIntBits((float) value)
        : Double.doubleToRawLongBits(value);
  }
}
