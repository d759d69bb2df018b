package org.kotangent.ad;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The elementary functions of one, two or three numbers, each with its partial derivatives, which
 * are expressions in the operands and the result y. They are the atoms from which {@link Expr}
 * builds.
 *
 * <p>At points without a derivative the partials follow the conventions of {@code
 * docs/numerics.md}: a minimum-norm subgradient where there is one (0 for |x| at 0, ½ each for max
 * and min at a tie), else the limit (∞ for √x and ln x at 0, −0 included).
 */
public enum ScalarOp {
  /** a + b. */
  ADD(2, (x, y) -> one(), (x, y) -> one()),
  /** a − b. */
  SUB(2, (x, y) -> one(), (x, y) -> Expr.of(-1)),
  /** a · b. */
  MUL(2, (x, y) -> x.b(), (x, y) -> x.a()),
  /** a / b. */
  DIV(2, (x, y) -> x.b().reciprocal(), (x, y) -> y.div(x.b()).neg()),
  /** −a. */
  NEG(1, (x, y) -> Expr.of(-1)),
  /** |a|; derivative 0 at 0. */
  ABS(1, (x, y) -> x.a().sign()),
  /** −1, 0 or 1, NaN for NaN; derivative 0. */
  SIGN(1, (x, y) -> zero()),
  /** a², an atom of its own so that its second derivative is 2 everywhere. */
  SQUARE(1, (x, y) -> x.a().times(2)),
  /** √a; derivative +∞ at 0. */
  SQRT(1, (x, y) -> positiveZero(y).reciprocal().times(0.5)),
  /** 1/a. */
  RECIPROCAL(1, (x, y) -> y.square().neg()),
  /** eᵃ. */
  EXP(1, (x, y) -> y),
  /** eᵃ − 1, accurate near 0. */
  EXPM1(1, (x, y) -> y.plus(1)),
  /** ln a; derivative +∞ at 0. */
  LOG(1, (x, y) -> positiveZero(x.a()).reciprocal()),
  /** ln(1 + a), accurate near 0. */
  LOG1P(1, (x, y) -> x.a().plus(1).reciprocal()),
  /** Logarithm to base 10; derivative +∞ at 0. */
  LOG10(1, (x, y) -> Expr.of(1 / Math.log(10)).div(positiveZero(x.a()))),
  /** Cube root; derivative +∞ at 0. */
  CBRT(1, (x, y) -> y.reciprocal().square().times(1.0 / 3)),
  /** Sine. */
  SIN(1, (x, y) -> x.a().cos()),
  /** Cosine. */
  COS(1, (x, y) -> x.a().sin().neg()),
  /** Tangent. */
  TAN(1, (x, y) -> y.square().plus(1)),
  /** Inverse sine. */
  ASIN(1, (x, y) -> oneMinusSquare(x.a()).sqrt().reciprocal()),
  /** Inverse cosine. */
  ACOS(1, (x, y) -> oneMinusSquare(x.a()).sqrt().reciprocal().neg()),
  /** Inverse tangent. */
  ATAN(1, (x, y) -> SafePartials.atan(x.a())),
  /** Hyperbolic sine. */
  SINH(1, (x, y) -> x.a().cosh()),
  /** Hyperbolic cosine. */
  COSH(1, (x, y) -> x.a().sinh()),
  /** Hyperbolic tangent. */
  TANH(1, (x, y) -> oneMinusSquare(y)),
  /** Inverse hyperbolic sine. */
  ASINH(1, (x, y) -> SafePartials.asinh(x.a())),
  /** Inverse hyperbolic cosine. */
  ACOSH(1, (x, y) -> SafePartials.acosh(x.a())),
  /** Inverse hyperbolic tangent. */
  ATANH(1, (x, y) -> oneMinusSquare(x.a()).reciprocal()),
  /** Error function 2/√π ∫₀ᵃ e^(−t²) dt. */
  ERF(1, (x, y) -> SafePartials.erf(x.a())),
  /** Logistic sigmoid 1/(1 + e⁻ᵃ). */
  SIGMOID(1, (x, y) -> y.times(one().minus(y))),
  /** ln(1 + eᵃ). */
  SOFTPLUS(1, (x, y) -> x.a().sigmoid()),
  /** ln|Γ(a)|; +∞ at 0, −1, −2, …. */
  LOG_GAMMA(1, (x, y) -> zero().polygamma(x.a())),
  /**
   * Derivative of order a + 1 of ln|Γ| at b, for a = 0, 1, 2, …, in which it is not differentiated.
   */
  POLYGAMMA(2, (x, y) -> zero(), (x, y) -> x.a().plus(1).polygamma(x.b())),
  /** Largest integer not above a; derivative 0. */
  FLOOR(1, (x, y) -> zero()),
  /** Smallest integer not below a; derivative 0. */
  CEIL(1, (x, y) -> zero()),
  /** Nearest integer, ties to even; derivative 0. */
  ROUND(1, (x, y) -> zero()),
  /** aᵇ; ∂a is 0 where b = 0, ∂b is 0 where a = 0 and b ≥ 0. */
  POW(
      2,
      (x, y) -> SafePartials.base(x.a(), x.b()),
      (x, y) -> SafePartials.exponent(x.a(), x.b(), y)),
  /** The larger; at a tie ½ each. NaN if either is NaN. */
  MAX(2, (x, y) -> SafePartials.share(x.b(), x.a()), (x, y) -> SafePartials.share(x.a(), x.b())),
  /** The smaller; at a tie ½ each. NaN if either is NaN. */
  MIN(2, (x, y) -> SafePartials.share(x.a(), x.b()), (x, y) -> SafePartials.share(x.b(), x.a())),
  /** Angle of the point (b, a); no derivative at (0, 0). */
  ATAN2(
      2,
      (x, y) -> SafePartials.atan2(x.b(), x.a()),
      (x, y) -> SafePartials.atan2(x.a(), x.b()).neg()),
  /** √(a² + b²); derivatives of every order 0 at (0, 0). */
  HYPOT(
      2,
      (x, y) -> SafePartials.hypot(x.a(), x.b(), y),
      (x, y) -> SafePartials.hypot(x.b(), x.a(), y)),
  /** a · b + c, rounded once. */
  FMA(3, (x, y) -> x.b(), (x, y) -> x.a(), (x, y) -> one()),
  /** a &lt; b. */
  LESS(2),
  /** a ≤ b. */
  LESS_EQUAL(2),
  /** a = b; NaN equals nothing. */
  EQUAL(2),
  /** Both. */
  AND(2),
  /** Either. */
  OR(2),
  /** Opposite. */
  NOT(1),
  /** The second operand where the first holds, else the third. */
  SELECT(3);

  /** The operands a partial may mention. */
  private record Operands(Expr a, Expr b) {}

  @FunctionalInterface
  private interface Partial {
    Expr of(Operands x, Expr y);
  }

  private final int arity;

  @SuppressWarnings("ImmutableEnumChecker") // The lambdas in it capture nothing.
  private final List<Partial> partials;

  ScalarOp(int arity, Partial... partials) {
    this.arity = arity;
    this.partials = List.of(partials);
  }

  /** Number of operands. */
  public int arity() {
    return arity;
  }

  /** The name of the primitive that applies this function to every element. */
  public String label() {
    StringBuilder label = new StringBuilder();
    boolean capital = false;
    for (char c : name().toCharArray()) {
      if (c == '_') {
        capital = true;
      } else {
        label.append(capital ? c : Character.toLowerCase(c));
        capital = false;
      }
    }
    return label.toString();
  }

  /** Whether the result is a truth value. */
  public boolean isCondition() {
    return switch (this) {
      case LESS, LESS_EQUAL, EQUAL, AND, OR, NOT -> true;
      default -> false;
    };
  }

  /** Whether operand {@code i} is a truth value. */
  boolean takesCondition(int i) {
    return switch (this) {
      case AND, OR, NOT -> true;
      case SELECT -> i == 0;
      default -> false;
    };
  }

  /** Whether the function is also defined on integers. */
  boolean acceptsIntegers() {
    return switch (this) {
      case ADD, SUB, MUL, DIV, NEG, ABS, SIGN, SQUARE, MAX, MIN -> true;
      case LESS, LESS_EQUAL, EQUAL, AND, OR, NOT, SELECT -> true;
      default -> false;
    };
  }

  /** Arithmetic operations that it takes, about. */
  int work() {
    return switch (this) {
      case FLOOR, CEIL, ROUND -> 20;
      case EXP, EXPM1, TANH, SIGMOID -> 28;
      case LOG, LOG1P -> 40;
      case ERF, SOFTPLUS -> 60;
      default -> 1;
    };
  }

  /** What it adds to {@link Primitive#flops}. */
  int flops() {
    return switch (this) {
      case AND, OR, NOT, SELECT -> 0;
      case FMA -> 2;
      default -> 1;
    };
  }

  /** This function of variables 0, 1, …. */
  public Expr body() {
    Expr[] x = new Expr[arity];
    Arrays.setAll(x, Expr.Variable::new);
    return new Expr.Apply(this, List.of(x));
  }

  /** Its partials, with y as the variable after the operands; none for conditions. */
  public Expr[] partials() {
    Expr y = new Expr.Variable(arity);
    Operands x = new Operands(new Expr.Variable(0), new Expr.Variable(1));
    return partials.stream().map(p -> p.of(x, y)).toArray(Expr[]::new);
  }

  /** The primitive that applies this function to every element. */
  public Primitive primitive() {
    return Atoms.PRIMITIVES.get(this);
  }

  private static final class Atoms {
    static final Map<ScalarOp, Primitive> PRIMITIVES = new EnumMap<>(ScalarOp.class);

    static {
      for (ScalarOp op : values()) {
        PRIMITIVES.put(op, op == SELECT ? new Select() : Elementwise.atom(op));
      }
    }
  }

  private static Expr zero() {
    return Expr.of(0);
  }

  private static Expr one() {
    return Expr.of(1);
  }

  private static Expr oneMinusSquare(Expr x) {
    return one().minus(x.square());
  }

  /** x, but +0 for −0, since (−0) + 0 = +0: the domain ends at 0, which has no other side. */
  private static Expr positiveZero(Expr x) {
    return x.plus(0);
  }
}
