package org.kotangent.ad.scalar;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.kotangent.ad.Expr;
import org.kotangent.ad.ScalarOp;

/**
 * Expressions of a rule in reals: of selections only what is selected, and shared parts once. What
 * a condition compares is computed without derivatives, since nothing but its numbers matters.
 */
final class Evaluation {
  private final Set<Expr> shared;
  private final Real[] x;
  private final Real y;
  private @Nullable IdentityHashMap<Expr, Real> known;
  private @Nullable Evaluation numbers;

  /**
   * Evaluates for operands x and result y.
   *
   * @param shared the parts that are used more than once
   */
  Evaluation(Set<Expr> shared, Real[] x, Real y) {
    this.shared = shared;
    this.x = x;
    this.y = y;
  }

  /** The value of an expression. */
  Real value(Expr e) {
    return switch (e) {
      case Expr.Variable v -> v.index() == x.length ? y : x[v.index()];
      case Expr.Constant c -> new Flat(c.value());
      case Expr.Apply a -> shared.contains(a) ? once(a) : compute(a);
    };
  }

  private Real once(Expr.Apply a) {
    IdentityHashMap<Expr, Real> values = known;
    if (values == null) {
      values = new IdentityHashMap<>();
      known = values;
    }
    Real value = values.get(a);
    if (value == null) {
      value = compute(a);
      values.put(a, value);
    }
    return value;
  }

  private Real compute(Expr.Apply a) {
    if (a.op() == ScalarOp.SELECT) {
      return value(chosen(a));
    }
    Real[] operands = new Real[a.operands().size()];
    for (int i = 0; i < operands.length; i++) {
      operands[i] = value(a.operands().get(i));
    }
    return Level.evaluate(a.op(), operands);
  }

  /** The operand that a selection selects, by the numbers. */
  Expr chosen(Expr.Apply selection) {
    Evaluation plain = numbers;
    if (plain == null) {
      Real[] bottoms = Arrays.stream(x).map(Order::bottom).toArray(Real[]::new);
      plain = new Evaluation(shared, bottoms, Order.bottom(y));
      numbers = plain;
    }
    return selection.operands().get(plain.holds(selection.operands().get(0)) ? 1 : 2);
  }

  private boolean holds(Expr e) {
    if (!(e instanceof Expr.Apply a)) {
      throw new IllegalStateException("not a condition: " + e);
    }
    Expr first = a.operands().get(0);
    return switch (a.op()) {
      case AND -> holds(first) && holds(a.operands().get(1));
      case OR -> holds(first) || holds(a.operands().get(1));
      case NOT -> !holds(first);
      default -> Order.holds(a.op(), value(first), value(a.operands().get(1)));
    };
  }
}
