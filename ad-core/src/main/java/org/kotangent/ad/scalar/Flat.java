package org.kotangent.ad.scalar;

import org.jspecify.annotations.Nullable;
import org.kotangent.ad.ScalarOp;

/**
 * A real whose parts are doubles: a plain number; a value v(n) of one derivation, of which is kept
 * the slope v′ by node n of that derivation (see {@link Linearisation}); or a value of a recording,
 * which is node n of its program and has no slope (see {@link Recorder}).
 *
 * <p>This is the engine's inner loop. One class for all of them, with one allocation at the end of
 * each method, is what lets the JIT compiler keep intermediate values in registers whatever mixture
 * of numbers a program computes with; a class for each would leave it merging objects of several
 * classes, which it does not take apart.
 */
final class Flat extends Real {
  static final Flat ONE = new Flat(1);
  static final Flat ZERO = new Flat(0);

  final @Nullable Tracer level;
  final double value;
  final double slope;
  final int node;

  Flat(double value) {
    this(null, value, 0, 0);
  }

  Flat(@Nullable Tracer level, double value, double slope, int node) {
    this.level = level;
    this.value = value;
    this.slope = slope;
    this.node = node;
  }

  @Override
  public double value() {
    if (level instanceof Recorder) {
      throw Checks.domain(
          "value",
          "the number of a recorded value cannot be read, since a replay could not follow what is"
              + " done with it",
          "a value of record",
          "branch with compareTo, or choose with select");
    }
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

  /** y = f(x, b) of this number and a plain one, which f may do without; p = ∂f/∂x. */
  Flat then(ScalarOp op, double b, double y, double p) {
    int n = node;
    if (level != null && !level.isQuiet()) {
      n = level.recorder(op).operation(op, level, value, node, null, b, 0);
    }
    return new Flat(level, y, slope * p, n);
  }

  /** Applies a function that has no fast path in {@link Real}. */
  Flat apply(ScalarOp op) {
    Rule rule = Rule.of(op);
    double y = rule.value(value, 0, 0);
    return level == null || (rule.isConstant() && level.isQuiet())
        ? new Flat(y)
        : then(op, 0, y, rule.partial(0, value, 0, 0, y));
  }

  /** Applies a function of two numbers that has no fast path in {@link Real}. */
  static Flat apply(ScalarOp op, Flat a, Flat b) {
    Rule rule = Rule.of(op);
    double y = rule.value(a.value, b.value, 0);
    double p = a.level == null ? 0 : rule.partial(0, a.value, b.value, 0, y);
    double q = b.level == null ? 0 : rule.partial(1, a.value, b.value, 0, y);
    return join(op, a, b, y, p, q);
  }

  /** Whether the two are values of one derivation, or one of them is a plain number. */
  boolean meets(Flat b) {
    return level == b.level || b.level == null || level == null;
  }

  /** y = f(a, b) of numbers that meet, where p = ∂f/∂a and q = ∂f/∂b. */
  static Flat join(ScalarOp op, Flat a, Flat b, double y, double p, double q) {
    Tracer level = a.level;
    double slope = p * a.slope;
    int node = a.node;
    if (level == null) {
      level = b.level;
      slope = q * b.slope;
      node = b.node;
    }
    if (level != null) {
      if (!level.isQuiet()) {
        node = level.recorder(op).operation(op, a.level, a.value, a.node, b.level, b.value, b.node);
      } else if (a.level == b.level) {
        if (node == b.node) {
          slope += q * b.slope;
        } else {
          node = ((Linearisation) level).join(node, slope, b.node, q * b.slope);
          slope = 1;
        }
      }
    }
    return new Flat(level, y, slope, node);
  }
}
