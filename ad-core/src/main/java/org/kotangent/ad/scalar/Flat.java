package org.kotangent.ad.scalar;

import org.jspecify.annotations.Nullable;
import org.kotangent.ad.ScalarOp;

/**
 * A real whose parts are doubles: a plain number, or a value v(n) of one derivation, of which is
 * kept the slope v′ by node n of that derivation (see {@link Linearisation}).
 *
 * <p>This is the engine's inner loop. One class for all three, with one allocation at the end of
 * each method, is what lets the JIT compiler keep intermediate values in registers whatever mixture
 * of plain and derived numbers a program computes with; a class for each would leave it merging
 * objects of several classes, which it does not take apart.
 */
final class Flat extends Real {
  static final Flat ONE = new Flat(1);
  static final Flat ZERO = new Flat(0);

  final @Nullable Linearisation level;
  final double value;
  final double slope;
  final int node;

  Flat(double value) {
    this(null, value, 0, 0);
  }

  Flat(@Nullable Linearisation level, double value, double slope, int node) {
    this.level = level;
    this.value = value;
    this.slope = slope;
    this.node = node;
  }

  @Override
  public double value() {
    return value;
  }

  @Override
  double number() {
    return value;
  }

  @Override
  @Nullable Level level() {
    return level;
  }

  /** y = f(x), where p = f′(x). */
  Flat then(ScalarOp op, double y, double p) {
    if (level != null) {
      level.requireOpen(op);
    }
    return new Flat(level, y, slope * p, node);
  }

  /** Applies a function that has no fast path in {@link Real}. */
  Flat apply(ScalarOp op) {
    Rule rule = Rule.of(op);
    double y = rule.value(value, 0, 0);
    return level == null || rule.isConstant()
        ? new Flat(y)
        : then(op, y, rule.partial(0, value, 0, 0, y));
  }

  /** Applies a function of two numbers that has no fast path in {@link Real}. */
  static Real apply(ScalarOp op, Flat a, Flat b) {
    Rule rule = Rule.of(op);
    double y = rule.value(a.value, b.value, 0);
    double p = a.level == null ? 0 : rule.partial(0, a.value, b.value, 0, y);
    double q = b.level == null ? 0 : rule.partial(1, a.value, b.value, 0, y);
    return join(op, a, b, y, p, q);
  }

  /** y = f(a, b), where p = ∂f/∂a and q = ∂f/∂b. */
  static Real join(ScalarOp op, Flat a, Flat b, double y, double p, double q) {
    Linearisation level = a.level;
    Linearisation other = b.level;
    double slope = p * a.slope;
    int node = a.node;
    if (level == other) {
      if (level != null) {
        level.requireOpen(op);
        if (node == b.node) {
          slope += q * b.slope;
        } else {
          node = level.push(node, slope, b.node, q * b.slope);
          slope = 1;
        }
      }
    } else if (other == null) {
      level.requireOpen(op);
    } else if (level == null) {
      other.requireOpen(op);
      level = other;
      slope = q * b.slope;
      node = b.node;
    } else {
      // The parts, not a and b: objects that reach a call could no longer be kept in registers.
      return mixed(op, level, a.value, a.slope, a.node, other, b.value, b.slope, b.node);
    }
    return new Flat(level, y, slope, node);
  }

  private static Real mixed(
      ScalarOp op,
      Linearisation aLevel,
      double a,
      double aSlope,
      int aNode,
      Linearisation bLevel,
      double b,
      double bSlope,
      int bNode) {
    return Level.bind(op, new Flat(aLevel, a, aSlope, aNode), new Flat(bLevel, b, bSlope, bNode));
  }
}
