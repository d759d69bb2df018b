package org.kotangent.ad;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A scalar expression: what an elementwise operation does to one element. It is data, so that the
 * same few lines become a compiled loop for each float type, a derivative and a fused step of a
 * plan.
 *
 * <p>Every node is rounded to the tensor's type. Constants have no type of their own. Expressions
 * are compared by structure. A part may be used many times: whatever is done with an expression
 * takes time in proportion to its distinct nodes, not to its size when written out.
 */
public sealed interface Expr {

  /** The operand with the given position. */
  record Variable(int index) implements Expr {
    @Override
    public String toString() {
      return "x" + index;
    }
  }

  /** A number. */
  record Constant(double value) implements Expr {
    @Override
    public String toString() {
      return Double.toString(value);
    }
  }

  /** A scalar operation applied to expressions. */
  final class Apply implements Expr {
    private final ScalarOp op;
    private final List<Expr> operands;
    private final int hash;

    /** The operation applied to operands in order. */
    public Apply(ScalarOp op, List<Expr> operands) {
      this.op = op;
      this.operands = List.copyOf(operands);
      // Known from the operands, which know theirs: a hash of the structure in one step.
      this.hash = 31 * op.name().hashCode() + this.operands.hashCode();
    }

    /** The operation. */
    public ScalarOp op() {
      return op;
    }

    /** What it is applied to. */
    public List<Expr> operands() {
      return operands;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other == this || (other instanceof Apply apply && SharedExpr.equal(this, apply));
    }

    @Override
    public int hashCode() {
      return hash;
    }

    /** The expression with parts that are used more than once given names. */
    @Override
    public String toString() {
      return SharedExpr.text(this);
    }
  }

  /** The constant with the given value. */
  static Expr of(double value) {
    return new Constant(value);
  }

  private Expr then(ScalarOp op) {
    return new Apply(op, List.of(this));
  }

  private Expr with(ScalarOp op, Expr other) {
    return new Apply(op, List.of(this, other));
  }

  /** a + b. */
  default Expr plus(Expr b) {
    return with(ScalarOp.ADD, b);
  }

  /** a + b. */
  default Expr plus(double b) {
    return plus(of(b));
  }

  /** a − b. */
  default Expr minus(Expr b) {
    return with(ScalarOp.SUB, b);
  }

  /** a − b. */
  default Expr minus(double b) {
    return minus(of(b));
  }

  /** a · b. */
  default Expr times(Expr b) {
    return with(ScalarOp.MUL, b);
  }

  /** a · b. */
  default Expr times(double b) {
    return times(of(b));
  }

  /** a / b. */
  default Expr div(Expr b) {
    return with(ScalarOp.DIV, b);
  }

  /** a / b. */
  default Expr div(double b) {
    return div(of(b));
  }

  /** aᵇ. */
  default Expr pow(Expr b) {
    return with(ScalarOp.POW, b);
  }

  /** The larger of a and b. */
  default Expr max(Expr b) {
    return with(ScalarOp.MAX, b);
  }

  /** The smaller of a and b. */
  default Expr min(Expr b) {
    return with(ScalarOp.MIN, b);
  }

  /** √(a² + b²). */
  default Expr hypot(Expr b) {
    return with(ScalarOp.HYPOT, b);
  }

  /** −a. */
  default Expr neg() {
    return then(ScalarOp.NEG);
  }

  /** |a|. */
  default Expr abs() {
    return then(ScalarOp.ABS);
  }

  /** −1, 0 or 1. */
  default Expr sign() {
    return then(ScalarOp.SIGN);
  }

  /** a². */
  default Expr square() {
    return then(ScalarOp.SQUARE);
  }

  /** √a. */
  default Expr sqrt() {
    return then(ScalarOp.SQRT);
  }

  /** 1 / a. */
  default Expr reciprocal() {
    return then(ScalarOp.RECIPROCAL);
  }

  /** eᵃ. */
  default Expr exp() {
    return then(ScalarOp.EXP);
  }

  /** eᵃ − 1. */
  default Expr expm1() {
    return then(ScalarOp.EXPM1);
  }

  /** Natural logarithm. */
  default Expr log() {
    return then(ScalarOp.LOG);
  }

  /** ln(1 + a). */
  default Expr log1p() {
    return then(ScalarOp.LOG1P);
  }

  /** Sine. */
  default Expr sin() {
    return then(ScalarOp.SIN);
  }

  /** Cosine. */
  default Expr cos() {
    return then(ScalarOp.COS);
  }

  /** Hyperbolic sine. */
  default Expr sinh() {
    return then(ScalarOp.SINH);
  }

  /** Hyperbolic cosine. */
  default Expr cosh() {
    return then(ScalarOp.COSH);
  }

  /** Hyperbolic tangent. */
  default Expr tanh() {
    return then(ScalarOp.TANH);
  }

  /** Logistic sigmoid. */
  default Expr sigmoid() {
    return then(ScalarOp.SIGMOID);
  }

  /** Polygamma function of order a at b. */
  default Expr polygamma(Expr b) {
    return with(ScalarOp.POLYGAMMA, b);
  }

  /** a &lt; b. */
  default Expr less(Expr b) {
    return with(ScalarOp.LESS, b);
  }

  /** a ≤ b. */
  default Expr lessEqual(Expr b) {
    return with(ScalarOp.LESS_EQUAL, b);
  }

  /** a = b. */
  default Expr equalTo(Expr b) {
    return with(ScalarOp.EQUAL, b);
  }

  /** Both of two conditions. */
  default Expr and(Expr b) {
    return with(ScalarOp.AND, b);
  }

  /** Either of two conditions. */
  default Expr or(Expr b) {
    return with(ScalarOp.OR, b);
  }

  /** The opposite of a condition. */
  default Expr not() {
    return then(ScalarOp.NOT);
  }

  /** {@code yes} where this condition holds, else {@code no}. */
  default Expr select(Expr yes, Expr no) {
    return new Apply(ScalarOp.SELECT, List.of(this, yes, no));
  }
}
