package org.kotangent.ops;

import org.kotangent.ad.Core;
import org.kotangent.ad.DTypeException;
import org.kotangent.ad.DomainException;
import org.kotangent.ad.ScalarOp;
import org.kotangent.ad.ShapeException;
import org.kotangent.ad.Tensor;

/**
 * Functions of single numbers, applied to every element: [*s] → [*s]. Operands of a function of two
 * are stretched as NumPy does it. Arithmetic itself is in {@link Tensor#plus} and its neighbours.
 *
 * <p>Each is computed in double and rounded to the type of its operands. NaN gives NaN. Outside its
 * domain a function is NaN. Where there is no derivative the conventions of {@code
 * docs/numerics.md} hold; what they amount to is said with each function.
 *
 * <p>All throw {@link DTypeException} when operands differ in type or are integers, except that
 * {@link #abs}, {@link #sign}, {@link #square}, {@link #max}, {@link #min}, {@link #clip}, {@link
 * #where} and comparisons also take I32; and {@link ShapeException} when two shapes do not
 * broadcast.
 */
public final class Elementary {
  private Elementary() {}

  // ---- powers, exponentials, logarithms

  /** eˣ. */
  public static Tensor exp(Tensor x) {
    return ScalarOp.EXP.primitive().apply(x);
  }

  /** eˣ − 1, accurate near 0. */
  public static Tensor expm1(Tensor x) {
    return ScalarOp.EXPM1.primitive().apply(x);
  }

  /** Natural logarithm ln x; −∞ at 0, where the derivative is +∞. */
  public static Tensor log(Tensor x) {
    return ScalarOp.LOG.primitive().apply(x);
  }

  /** ln(1 + x), accurate near 0; −∞ at −1. */
  public static Tensor log1p(Tensor x) {
    return ScalarOp.LOG1P.primitive().apply(x);
  }

  /** √x; the derivative at 0 is +∞. */
  public static Tensor sqrt(Tensor x) {
    return ScalarOp.SQRT.primitive().apply(x);
  }

  /** x²; the second derivative is 2 everywhere. */
  public static Tensor square(Tensor x) {
    return ScalarOp.SQUARE.primitive().apply(x);
  }

  /** 1/x; ±∞ at ±0. */
  public static Tensor reciprocal(Tensor x) {
    return ScalarOp.RECIPROCAL.primitive().apply(x);
  }

  /**
   * xʸ; NaN for a negative x and a y that is not an integer. ∂x is 0 where y = 0, also at x = 0; ∂y
   * is 0 where x = 0 and y ≥ 0.
   */
  public static Tensor pow(Tensor x, Tensor y) {
    return ScalarOp.POW.primitive().apply(x, y);
  }

  /** xʸ for one number y; see {@link #pow(Tensor, Tensor)}. */
  public static Tensor pow(Tensor x, double y) {
    return pow(x, x.like(y));
  }

  /** √(x² + y²) without overflow; derivatives 0 at (0, 0). */
  public static Tensor hypot(Tensor x, Tensor y) {
    return ScalarOp.HYPOT.primitive().apply(x, y);
  }

  // ---- angles and hyperbolic functions

  /** Sine of x radians. */
  public static Tensor sin(Tensor x) {
    return ScalarOp.SIN.primitive().apply(x);
  }

  /** Cosine of x radians. */
  public static Tensor cos(Tensor x) {
    return ScalarOp.COS.primitive().apply(x);
  }

  /** Tangent of x radians. */
  public static Tensor tan(Tensor x) {
    return ScalarOp.TAN.primitive().apply(x);
  }

  /** Inverse sine in [−π/2, π/2] radians, of x in [−1, 1]; derivative +∞ at ±1. */
  public static Tensor asin(Tensor x) {
    return ScalarOp.ASIN.primitive().apply(x);
  }

  /** Inverse cosine in [0, π] radians, of x in [−1, 1]; derivative −∞ at ±1. */
  public static Tensor acos(Tensor x) {
    return ScalarOp.ACOS.primitive().apply(x);
  }

  /** Inverse tangent in [−π/2, π/2] radians. */
  public static Tensor atan(Tensor x) {
    return ScalarOp.ATAN.primitive().apply(x);
  }

  /**
   * The angle of the point (x, y) in [−π, π] radians; its derivatives at (0, 0) have no limit and
   * are NaN.
   */
  public static Tensor atan2(Tensor y, Tensor x) {
    return ScalarOp.ATAN2.primitive().apply(y, x);
  }

  /** Hyperbolic sine. */
  public static Tensor sinh(Tensor x) {
    return ScalarOp.SINH.primitive().apply(x);
  }

  /** Hyperbolic cosine. */
  public static Tensor cosh(Tensor x) {
    return ScalarOp.COSH.primitive().apply(x);
  }

  /** Hyperbolic tangent. */
  public static Tensor tanh(Tensor x) {
    return ScalarOp.TANH.primitive().apply(x);
  }

  /** Inverse hyperbolic sine. */
  public static Tensor asinh(Tensor x) {
    return ScalarOp.ASINH.primitive().apply(x);
  }

  /** Inverse hyperbolic cosine of x ≥ 1; derivative +∞ at 1. */
  public static Tensor acosh(Tensor x) {
    return ScalarOp.ACOSH.primitive().apply(x);
  }

  /** Inverse hyperbolic tangent of x in [−1, 1]; ±∞ at ±1. */
  public static Tensor atanh(Tensor x) {
    return ScalarOp.ATANH.primitive().apply(x);
  }

  /** Error function 2/√π ∫₀ˣ e^(−t²) dt. */
  public static Tensor erf(Tensor x) {
    return ScalarOp.ERF.primitive().apply(x);
  }

  // ---- magnitude, order, rounding

  /** |x|; derivative 0 at 0. */
  public static Tensor abs(Tensor x) {
    return ScalarOp.ABS.primitive().apply(x);
  }

  /** −1, 0 or 1; derivative 0. */
  public static Tensor sign(Tensor x) {
    return ScalarOp.SIGN.primitive().apply(x);
  }

  /** Largest integer not above x; derivative 0. */
  public static Tensor floor(Tensor x) {
    return ScalarOp.FLOOR.primitive().apply(x);
  }

  /** Smallest integer not below x; derivative 0. */
  public static Tensor ceil(Tensor x) {
    return ScalarOp.CEIL.primitive().apply(x);
  }

  /** Nearest integer, the even one of two; derivative 0. */
  public static Tensor round(Tensor x) {
    return ScalarOp.ROUND.primitive().apply(x);
  }

  /** The larger of two; NaN if either is. Derivatives ½ and ½ where they are equal. */
  public static Tensor max(Tensor x, Tensor y) {
    return ScalarOp.MAX.primitive().apply(x, y);
  }

  /** The larger of x and one number; see {@link #max(Tensor, Tensor)}. */
  public static Tensor max(Tensor x, double y) {
    return max(x, x.like(y));
  }

  /** The smaller of two; NaN if either is. Derivatives ½ and ½ where they are equal. */
  public static Tensor min(Tensor x, Tensor y) {
    return ScalarOp.MIN.primitive().apply(x, y);
  }

  /** The smaller of x and one number; see {@link #min(Tensor, Tensor)}. */
  public static Tensor min(Tensor x, double y) {
    return min(x, x.like(y));
  }

  /**
   * x moved into [low, high], whose ends may be infinite. The derivative is 1 between them and 0 at
   * and beyond them.
   *
   * @throws DomainException when low ≤ high does not hold
   */
  public static Tensor clip(Tensor x, double low, double high) {
    if (!(low <= high)) {
      throw Checks.domain(
          "clip", "low must not exceed high", "low: " + low + ", high: " + high, "give low ≤ high");
    }
    Tensor floor = x.like(low);
    Tensor ceiling = x.like(high);
    Tensor bounded = where(greaterEqual(x, ceiling), ceiling, x);
    return where(lessEqual(x, floor), floor, bounded);
  }

  /**
   * a where the mask holds, else b; all three broadcast. [*s] of BOOL, [*s], [*s] → [*s]. The
   * cotangent of the one not taken is exactly 0. That does not protect what a or b was computed
   * from: write {@code where(m, log(where(m, x, one)), zero)} so that the logarithm never sees a
   * bad operand.
   *
   * @throws DTypeException when the mask is not of type BOOL or a and b differ in type
   */
  public static Tensor where(Tensor mask, Tensor a, Tensor b) {
    return Core.select(mask, a, b);
  }

  // ---- activations

  /** Logistic sigmoid 1/(1 + e⁻ˣ), which does not overflow; 0 and 1 at ∓∞. */
  public static Tensor sigmoid(Tensor x) {
    return ScalarOp.SIGMOID.primitive().apply(x);
  }

  /** max(x, 0); derivative 0 at 0. */
  public static Tensor relu(Tensor x) {
    return Activations.RELU.apply(x);
  }

  /** x where x &gt; 0, else slope · x; the derivative at 0 is the slope. */
  public static Tensor leakyRelu(Tensor x, double slope) {
    return leakyRelu(x, x.like(slope));
  }

  /**
   * Leaky ReLU with a slope that may vary and be learned; it broadcasts with x. Source: He et al.
   * 2015, equation 1.
   */
  public static Tensor leakyRelu(Tensor x, Tensor slope) {
    return Activations.LEAKY_RELU.apply(x, slope);
  }

  /**
   * ln(1 + eˣ) = max(x, 0) + ln(1 + e⁻|ˣ|), which does not overflow. The logistic loss ln(1 + e⁻ˣ)
   * is {@code softplus(x.unaryMinus())}.
   */
  public static Tensor softplus(Tensor x) {
    return Activations.SOFTPLUS.apply(x);
  }

  /**
   * x where x &gt; 0, else alpha · (eˣ − 1); the derivative at 0 is alpha. Source: Clevert,
   * Unterthiner and Hochreiter 2016, equation 15.
   */
  public static Tensor elu(Tensor x, double alpha) {
    return Activations.ELU.apply(x, x.like(alpha));
  }

  /**
   * Self-normalising unit, {@link #elu} with alpha ≈ 1.6733 scaled by ≈ 1.0507. Source: Klambauer
   * et al. 2017, equations 2 and 14.
   */
  public static Tensor selu(Tensor x) {
    return elu(x, 1.6732632423543772).times(1.0507009873554805);
  }

  /**
   * x · sigmoid(x), also called swish; 0 at −∞. Source: Elfwing, Uchibe and Doya 2018, equation 5.
   */
  public static Tensor silu(Tensor x) {
    return Activations.SILU.apply(x);
  }

  /**
   * x · Φ(x) = x · (1 + erf(x/√2))/2, exact; 0 at −∞. Source: Hendrycks and Gimpel 2016, section 2.
   */
  public static Tensor gelu(Tensor x) {
    return Activations.GELU.apply(x);
  }

  // ---- comparisons and logic: results of type BOOL, not differentiated; NaN compares false

  /** a &lt; b. */
  public static Tensor less(Tensor a, Tensor b) {
    return ScalarOp.LESS.primitive().apply(a, b);
  }

  /** a ≤ b. */
  public static Tensor lessEqual(Tensor a, Tensor b) {
    return ScalarOp.LESS_EQUAL.primitive().apply(a, b);
  }

  /** a &gt; b. */
  public static Tensor greater(Tensor a, Tensor b) {
    return less(b, a);
  }

  /** a ≥ b. */
  public static Tensor greaterEqual(Tensor a, Tensor b) {
    return lessEqual(b, a);
  }

  /** a = b; NaN equals nothing, itself included. */
  public static Tensor equal(Tensor a, Tensor b) {
    return ScalarOp.EQUAL.primitive().apply(a, b);
  }

  /** a ≠ b; NaN differs from everything, itself included. */
  public static Tensor notEqual(Tensor a, Tensor b) {
    return not(equal(a, b));
  }

  /** Both of two BOOL. */
  public static Tensor and(Tensor a, Tensor b) {
    return ScalarOp.AND.primitive().apply(a, b);
  }

  /** Either of two BOOL. */
  public static Tensor or(Tensor a, Tensor b) {
    return ScalarOp.OR.primitive().apply(a, b);
  }

  /** The opposite of a BOOL. */
  public static Tensor not(Tensor x) {
    return ScalarOp.NOT.primitive().apply(x);
  }
}
