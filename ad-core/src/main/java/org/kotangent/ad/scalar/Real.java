package org.kotangent.ad.scalar;

import org.jspecify.annotations.Nullable;
import org.kotangent.ad.ScalarOp;

/**
 * A real number that can be differentiated with respect to: what a function given to {@link Reals}
 * computes with. It is immutable. {@code plus}, {@code minus}, {@code times}, {@code div} and
 * {@code unaryMinus} are operators in Kotlin, and {@code compareTo} makes {@code <} and {@code >}
 * work.
 *
 * <p>A real is a plain number or a value of some derivation, and the derivations nest: the parts of
 * a value are reals of the derivations around it. It may be used only until the function being
 * differentiated returns; later use is an {@link org.kotangent.ad.EscapedValueException}.
 *
 * <p>NaN gives NaN, and outside its domain a function is NaN. Where there is no derivative the
 * conventions of {@code docs/numerics.md} hold; what they amount to is said with each function.
 * {@code equals} is identity; to compare numbers, use {@link #compareTo(Real)} or {@link #value}.
 */
public abstract sealed class Real implements Comparable<Real> permits Flat, Nested, Taylor {
  Real() {}

  /** A plain number: a constant to every derivation. */
  public static Real of(double value) {
    return new Flat(value);
  }

  /**
   * The number itself, for output and control flow.
   *
   * @throws org.kotangent.ad.DomainException inside {@link Reals#record}, because a replay could
   *     not follow what is done with the number
   */
  public abstract double value();

  // ---- arithmetic

  /** x + b. */
  public final Real plus(Real b) {
    return this instanceof Flat x && b instanceof Flat y && x.meets(y)
        ? Flat.join(ScalarOp.ADD, x, y, x.value + y.value, 1, 1)
        : Level.bind(ScalarOp.ADD, this, b);
  }

  /** x + b. */
  public final Real plus(double b) {
    return this instanceof Flat x
        ? x.then(ScalarOp.ADD, b, x.value + b, 1)
        : Level.bind(ScalarOp.ADD, this, of(b));
  }

  /** x − b. */
  public final Real minus(Real b) {
    return this instanceof Flat x && b instanceof Flat y && x.meets(y)
        ? Flat.join(ScalarOp.SUB, x, y, x.value - y.value, 1, -1)
        : Level.bind(ScalarOp.SUB, this, b);
  }

  /** x − b. */
  public final Real minus(double b) {
    return this instanceof Flat x
        ? x.then(ScalarOp.SUB, b, x.value - b, 1)
        : Level.bind(ScalarOp.SUB, this, of(b));
  }

  /** x · b. */
  public final Real times(Real b) {
    return this instanceof Flat x && b instanceof Flat y && x.meets(y)
        ? Flat.join(ScalarOp.MUL, x, y, x.value * y.value, y.value, x.value)
        : Level.bind(ScalarOp.MUL, this, b);
  }

  /** x · b. */
  public final Real times(double b) {
    return this instanceof Flat x
        ? x.then(ScalarOp.MUL, b, x.value * b, b)
        : Level.bind(ScalarOp.MUL, this, of(b));
  }

  /** x / b. */
  public final Real div(Real b) {
    if (this instanceof Flat x && b instanceof Flat y && x.meets(y)) {
      double quotient = x.value / y.value;
      return Flat.join(ScalarOp.DIV, x, y, quotient, 1 / y.value, -(quotient / y.value));
    }
    return Level.bind(ScalarOp.DIV, this, b);
  }

  /** x / b. */
  public final Real div(double b) {
    return this instanceof Flat x
        ? x.then(ScalarOp.DIV, b, x.value / b, 1 / b)
        : Level.bind(ScalarOp.DIV, this, of(b));
  }

  /** −x. */
  public final Real unaryMinus() {
    return this instanceof Flat x
        ? x.then(ScalarOp.NEG, 0, -x.value, -1)
        : Level.bind(ScalarOp.NEG, this);
  }

  /** 1/x. */
  public final Real reciprocal() {
    return unary(ScalarOp.RECIPROCAL);
  }

  /** x²; the second derivative is 2 everywhere. */
  public final Real square() {
    return this instanceof Flat x
        ? x.then(ScalarOp.SQUARE, 0, x.value * x.value, 2 * x.value)
        : Level.bind(ScalarOp.SQUARE, this);
  }

  /** x · b + c, rounded once. */
  public final Real fma(Real b, Real c) {
    return Level.bind(ScalarOp.FMA, this, b, c);
  }

  // ---- powers, exponentials, logarithms

  /** √x; the derivative at 0 is +∞. */
  public final Real sqrt() {
    return unary(ScalarOp.SQRT);
  }

  /** Cube root; the derivative at 0 is +∞. */
  public final Real cbrt() {
    return unary(ScalarOp.CBRT);
  }

  /**
   * xᵇ; NaN for a negative x and a b that is not an integer. ∂x is 0 where b = 0, also at x = 0; ∂b
   * is 0 where x = 0 and b ≥ 0.
   */
  public final Real pow(Real b) {
    return binary(ScalarOp.POW, b);
  }

  /** xᵇ, for integers and other numbers b; see {@link #pow(Real)}. */
  public final Real pow(double b) {
    return binary(ScalarOp.POW, of(b));
  }

  /** √(x² + b²) without overflow; derivatives of every order 0 at (0, 0). */
  public final Real hypot(Real b) {
    return binary(ScalarOp.HYPOT, b);
  }

  /** eˣ. */
  public final Real exp() {
    return unary(ScalarOp.EXP);
  }

  /** eˣ − 1, accurate near 0. */
  public final Real expm1() {
    return unary(ScalarOp.EXPM1);
  }

  /** Natural logarithm; −∞ at 0, where the derivative is +∞. */
  public final Real log() {
    return unary(ScalarOp.LOG);
  }

  /** ln(1 + x), accurate near 0; −∞ at −1. */
  public final Real log1p() {
    return unary(ScalarOp.LOG1P);
  }

  /** Logarithm to base 10; −∞ at 0, where the derivative is +∞. */
  public final Real log10() {
    return unary(ScalarOp.LOG10);
  }

  // ---- angles and hyperbolic functions

  /** Sine of x radians. */
  public final Real sin() {
    return unary(ScalarOp.SIN);
  }

  /** Cosine of x radians. */
  public final Real cos() {
    return unary(ScalarOp.COS);
  }

  /** Tangent of x radians. */
  public final Real tan() {
    return unary(ScalarOp.TAN);
  }

  /** Inverse sine in [−π/2, π/2] radians, of x in [−1, 1]; derivative +∞ at ±1. */
  public final Real asin() {
    return unary(ScalarOp.ASIN);
  }

  /** Inverse cosine in [0, π] radians, of x in [−1, 1]; derivative −∞ at ±1. */
  public final Real acos() {
    return unary(ScalarOp.ACOS);
  }

  /** Inverse tangent in [−π/2, π/2] radians. */
  public final Real atan() {
    return unary(ScalarOp.ATAN);
  }

  /**
   * The angle of the point (b, x) in [−π, π] radians, as in {@code y.atan2(x)}; its derivatives at
   * (0, 0) have no limit and are NaN.
   */
  public final Real atan2(Real b) {
    return binary(ScalarOp.ATAN2, b);
  }

  /** Hyperbolic sine. */
  public final Real sinh() {
    return unary(ScalarOp.SINH);
  }

  /** Hyperbolic cosine. */
  public final Real cosh() {
    return unary(ScalarOp.COSH);
  }

  /** Hyperbolic tangent. */
  public final Real tanh() {
    return unary(ScalarOp.TANH);
  }

  /** Inverse hyperbolic sine. */
  public final Real asinh() {
    return unary(ScalarOp.ASINH);
  }

  /** Inverse hyperbolic cosine of x ≥ 1; derivative +∞ at 1. */
  public final Real acosh() {
    return unary(ScalarOp.ACOSH);
  }

  /** Inverse hyperbolic tangent of x in [−1, 1]; ±∞ at ±1. */
  public final Real atanh() {
    return unary(ScalarOp.ATANH);
  }

  // ---- special functions

  /** Logistic sigmoid 1/(1 + e⁻ˣ), which does not overflow; 0 and 1 at ∓∞. */
  public final Real sigmoid() {
    return unary(ScalarOp.SIGMOID);
  }

  /** ln(1 + eˣ), which does not overflow. */
  public final Real softplus() {
    return unary(ScalarOp.SOFTPLUS);
  }

  /** Error function 2/√π ∫₀ˣ e^(−t²) dt, within 8 ulp. */
  public final Real erf() {
    return unary(ScalarOp.ERF);
  }

  /** ln|Γ(x)|, within 5 ulp for x &gt; 0; +∞ at 0, −1, −2, …. */
  public final Real logGamma() {
    return unary(ScalarOp.LOG_GAMMA);
  }

  /** ψ(x) = Γ′(x)/Γ(x), the derivative of {@link #logGamma}; NaN at 0, −1, −2, …. */
  public final Real digamma() {
    return polygamma(0);
  }

  /** ψ⁽ⁿ⁾(x), the derivative of {@link #digamma} of order n = 0, 1, 2, …; NaN for another n. */
  public final Real polygamma(int n) {
    return of(n).binary(ScalarOp.POLYGAMMA, this);
  }

  // ---- magnitude, order, rounding

  /** |x|; derivative 0 at 0. */
  public final Real abs() {
    return unary(ScalarOp.ABS);
  }

  /** −1, 0 or 1; derivative 0. */
  public final Real sign() {
    return unary(ScalarOp.SIGN);
  }

  /** The larger of two; NaN if either is. Derivatives ½ and ½ where they are equal. */
  public final Real max(Real b) {
    return binary(ScalarOp.MAX, b);
  }

  /** The larger of x and one number; see {@link #max(Real)}. */
  public final Real max(double b) {
    return max(of(b));
  }

  /** The smaller of two; NaN if either is. Derivatives ½ and ½ where they are equal. */
  public final Real min(Real b) {
    return binary(ScalarOp.MIN, b);
  }

  /** The smaller of x and one number; see {@link #min(Real)}. */
  public final Real min(double b) {
    return min(of(b));
  }

  /** Largest integer not above x; derivative 0. */
  public final Real floor() {
    return unary(ScalarOp.FLOOR);
  }

  /** Smallest integer not below x; derivative 0. */
  public final Real ceil() {
    return unary(ScalarOp.CEIL);
  }

  /** Nearest integer, the even one of two; derivative 0. */
  public final Real rint() {
    return unary(ScalarOp.ROUND);
  }

  /**
   * {@code positive} where x &gt; 0, else {@code otherwise}. Not differentiated in x. Unlike an
   * {@code if}, it may turn out differently when a recorded function is replayed.
   */
  public final Real select(Real positive, Real otherwise) {
    return this instanceof Flat x && !(x.level instanceof Recorder)
        ? (x.value > 0 ? positive : otherwise)
        : Level.bind(ScalarOp.SELECT, this, positive, otherwise);
  }

  /**
   * Negative, 0 or positive as x is less than, equal to or greater than b as numbers; −0 = 0, and
   * NaN comes after every other number. Inside {@link Reals#record} the outcome is recorded, and a
   * replay in which it would be another one is an error.
   */
  @Override
  public final int compareTo(Real b) {
    return Order.compare(this, b);
  }

  /** Compares with a number; see {@link #compareTo(Real)}. */
  public final int compareTo(double b) {
    return compareTo(of(b));
  }

  /** The number as text. */
  @Override
  public final String toString() {
    return Double.toString(number());
  }

  /** The innermost derivation this is a value of; null for a plain number. */
  abstract @Nullable Level level();

  /** The number, also where a recording forbids to look at it. */
  abstract double number();

  /** A function of one number. */
  final Real unary(ScalarOp op) {
    return this instanceof Flat x ? x.apply(op) : Level.bind(op, this);
  }

  /** A function of two numbers. */
  final Real binary(ScalarOp op, Real b) {
    return this instanceof Flat x && b instanceof Flat y && x.meets(y)
        ? Flat.apply(op, x, y)
        : Level.bind(op, this, b);
  }
}
