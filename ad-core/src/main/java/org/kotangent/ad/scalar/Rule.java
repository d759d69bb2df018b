package org.kotangent.ad.scalar;

import java.util.Collections;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  private final Set<Expr> shared = Collections.newSetFromMap(new IdentityHashMap<>());
  private final boolean constant;
  private @Nullable Kernel kernel;

  private Rule(Expr body, Expr[] partials) {
    this.body = body;
    this.partials = List.of(partials);
    this.partials.forEach(
        p -> share(p, Collections.newSetFromMap(new IdentityHashMap<>()), shared));
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
    Evaluation evaluation = evaluation(x, y);
    while (e instanceof Expr.Apply a && a.op() == ScalarOp.SELECT) {
      e = evaluation.chosen(a);
    }
    return isZero(e) ? null : evaluation.value(e);
  }

  /** What evaluates the partials for operands x and result y. */
  Evaluation evaluation(Real[] x, Real y) {
    return new Evaluation(shared, x, y);
  }

  private static void share(Expr e, Set<Expr> seen, Set<Expr> shared) {
    if (e instanceof Expr.Apply a) {
      if (seen.add(a)) {
        a.operands().forEach(o -> share(o, seen, shared));
      } else {
        shared.add(a);
      }
    }
  }
}
