package org.kotangent.ad;

/**
 * Partials whose plain formulas have no value at some points, or leave the range of numbers where
 * their values do not. They are differentiated in turn, so a part that is not selected has to be
 * harmless too: it sees a safe operand.
 */
final class SafePartials {
  private SafePartials() {}

  /** 1/(1 + x²), by 1/x where the square may overflow. */
  static Expr atan(Expr x) {
    Expr huge = isHuge(x);
    Expr root = huge.select(x, huge.select(zero(), x).square().plus(1)).reciprocal();
    return huge.select(root.square(), root);
  }

  /** 1/√(1 + x²), by 1/|x| where the square may overflow. */
  static Expr asinh(Expr x) {
    Expr huge = isHuge(x);
    return huge.select(x.abs(), huge.select(zero(), x).square().plus(1).sqrt()).reciprocal();
  }

  /** Whether x is so large that 1 + x² rounds to x² in either float type. */
  private static Expr isHuge(Expr x) {
    return Expr.of(0x1p27).less(x.abs());
  }

  /** 1/√(x² − 1) as a product, no factor of whose derivative at 1 is 0 · ∞. */
  static Expr acosh(Expr x) {
    return x.minus(1).sqrt().reciprocal().times(x.plus(1).sqrt().reciprocal());
  }

  /** 2/√π e^(−x²), which is 0 in either float type from 30 on, and a constant there. */
  static Expr erf(Expr x) {
    Expr near = x.max(Expr.of(-30)).min(Expr.of(30));
    return near.square().neg().exp().times(2 / Math.sqrt(Math.PI));
  }

  /**
   * leg / (leg² + other²), which is 0 far out and NaN at (0, 0). Where a square could leave the
   * range of either float type, the legs are multiplied by a power of two before and the result
   * after: a constant, so that derivatives of every order keep their range too.
   */
  static Expr atan2(Expr leg, Expr other) {
    Expr size = leg.abs().max(other.abs());
    Expr far = size.equalTo(infinity());
    Expr scale = scale(size);
    Expr a = far.select(one(), leg).times(scale);
    Expr b = far.select(one(), other).times(scale);
    return far.select(zero(), a.div(a.square().plus(b.square())).times(scale));
  }

  /**
   * The power of two that brings a size to where its square is an ordinary number of its type. What
   * exceeds F32 is 0 or ∞ in it, and not selected.
   */
  private static Expr scale(Expr size) {
    Expr tiny = size.less(Expr.of(0x1p-400)).select(Expr.of(0x1p700), Expr.of(0x1p96));
    Expr small = size.less(Expr.of(0x1p-80)).select(tiny, Expr.of(0x1p48));
    Expr large = Expr.of(0x1p400).less(size).select(Expr.of(0x1p-600), Expr.of(0x1p-80));
    Expr atLeast = Expr.of(0x1p40).less(size).select(large, one());
    return size.less(Expr.of(0x1p-40)).select(small, atLeast);
  }

  /**
   * leg / hypotenuse; 0 without a hypotenuse, ±1 where this leg alone is infinite. There it is a
   * constant, so that its own derivatives are 0 too.
   */
  static Expr hypot(Expr leg, Expr other, Expr hypotenuse) {
    Expr point = hypotenuse.equalTo(zero());
    Expr along = leg.abs().equalTo(infinity()).and(other.abs().less(infinity()));
    Expr quotient = leg.div(point.or(along).select(one(), hypotenuse));
    return point.select(zero(), along.select(leg.sign(), quotient));
  }

  /** 1 where {@code mine} exceeds {@code other}, ½ at a tie, else 0. */
  static Expr share(Expr other, Expr mine) {
    return other.less(mine).select(one(), other.equalTo(mine).select(Expr.of(0.5), zero()));
  }

  /**
   * ∂aᵇ/∂a = b·aᵇ⁻¹, which is 0 at (0, 0). Where b = 0 it is (b/a)·aᵇ, whose derivatives by a are
   * 0, while a⁻¹ and a⁻² may overflow.
   */
  static Expr base(Expr a, Expr b) {
    Expr constant = b.equalTo(zero());
    Expr atZero = a.equalTo(zero()).and(constant);
    Expr base = atZero.select(one(), a);
    Expr power = base.pow(constant.select(b, b.minus(1)));
    Expr slope = constant.select(b, zero()).div(constant.select(base, one()));
    return atZero.select(zero(), constant.select(slope.times(power), b.times(power)));
  }

  /** ∂aᵇ/∂b = aᵇ·ln a for y = aᵇ, which is 0 where a = 0 and b ≥ 0. */
  static Expr exponent(Expr a, Expr b, Expr y) {
    Expr atZero = a.equalTo(zero()).and(zero().lessEqual(b));
    return atZero.select(zero(), y.times(atZero.select(one(), a).log()));
  }

  private static Expr zero() {
    return Expr.of(0);
  }

  private static Expr one() {
    return Expr.of(1);
  }

  private static Expr infinity() {
    return Expr.of(Double.POSITIVE_INFINITY);
  }
}
