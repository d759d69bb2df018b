package org.kotangent.ad.scalar;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.kotangent.ad.Expr;
import org.kotangent.ad.ScalarOp;

/**
 * What the engine knows about a function: the expression it is and its partial derivatives, which
 * it shares with the tensor engine through {@link ScalarOp}. They are evaluated in reals where
 * parts of values are reals, and compiled where parts are doubles.
 */
final class Rule {
  private static final Map<ScalarOp, Rule> RULES = new EnumMap<>(ScalarOp.class);

  static {
    for (ScalarOp op : ScalarOp.values()) {
      if (!op.isCondition()) {
        RULES.put(op, op == ScalarOp.SELECT ? select() : new Rule(op.body(), op.partials()));
      }
    }
  }

  private final Expr body;
  private final List<Expr> partials;
  private final boolean constant;
  private @Nullable Kernel kernel;

  private Rule(Expr body, Expr[] partials) {
    this.body = body;
    this.partials = List.of(partials);
    this.constant = this.partials.stream().allMatch(Rule::isZero);
  }

  static boolean isZero(Expr e) {
    return e instanceof Expr.Constant c && c.value() == 0;
  }

  static Rule of(ScalarOp op) {
    return RULES.get(op);
  }

  /** {@link Real#select}: the condition is a number, which holds when it is positive. */
  private static Rule select() {
    Expr positive = Expr.of(0).less(new Expr.Variable(0));
    return new Rule(
        positive.select(new Expr.Variable(1), new Expr.Variable(2)),
        new Expr[] {
          Expr.of(0),
          positive.select(Expr.of(1), Expr.of(0)),
          positive.select(Expr.of(0), Expr.of(1))
        });
  }

  /** Number of operands. */
  int arity() {
    return partials.size();
  }

  Expr body() {
    return body;
  }

  /** The partial by operand i; the variable after the operands is the result. */
  Expr partial(int i) {
    return partials.get(i);
  }

  /** Whether all partials are 0 everywhere. */
  boolean isConstant() {
    return constant;
  }

  double value(double a, double b, double c) {
    return kernel().value(a, b, c);
  }

  double partial(int i, double a, double b, double c, double y) {
    return kernel().partial(i, a, b, c, y);
  }

  /** Compiled on first use; that two threads may do so at the same time does no harm. */
  private Kernel kernel() {
    Kernel known = kernel;
    if (known == null) {
      known = KernelCompiler.compile(this);
      kernel = known;
    }
    return known;
  }

  /** The partial by operand i in reals; null where it is exactly 0. */
  @Nullable Real partial(int i, Real[] x, Real y) {
    Expr e = partials.get(i);
    while (e instanceof Expr.Apply a && a.op() == ScalarOp.SELECT) {
      e = chosen(a, o -> evaluate(o, x, y));
    }
    return isZero(e) ? null : evaluate(e, x, y);
  }

  private static Real evaluate(Expr e, Real[] x, Real y) {
    return switch (e) {
      case Expr.Variable v -> v.index() == x.length ? y : x[v.index()];
      case Expr.Constant c -> new Flat(c.value());
      case Expr.Apply a when a.op() == ScalarOp.SELECT ->
          evaluate(chosen(a, o -> evaluate(o, x, y)), x, y);
      case Expr.Apply a -> {
        Real[] operands = new Real[a.operands().size()];
        for (int i = 0; i < operands.length; i++) {
          operands[i] = evaluate(a.operands().get(i), x, y);
        }
        yield Level.evaluate(a.op(), operands);
      }
    };
  }

  /** The operand that a selection selects, by the numbers. */
  static Expr chosen(Expr.Apply selection, Function<Expr, Real> value) {
    return selection.operands().get(holds(selection.operands().get(0), value) ? 1 : 2);
  }

  private static boolean holds(Expr e, Function<Expr, Real> value) {
    if (!(e instanceof Expr.Apply a)) {
      throw new IllegalStateException("not a condition: " + e);
    }
    Expr first = a.operands().get(0);
    return switch (a.op()) {
      case AND -> holds(first, value) && holds(a.operands().get(1), value);
      case OR -> holds(first, value) || holds(a.operands().get(1), value);
      case NOT -> !holds(first, value);
      default -> Order.holds(a.op(), value.apply(first), value.apply(a.operands().get(1)));
    };
  }
}
