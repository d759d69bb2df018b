package org.kotangent.ad;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A partial derivative as an expression in operands and result. On plain arrays it runs as one
 * fused loop; under an outer derivation each of its nodes is a primitive, so that it is
 * differentiated in turn.
 */
final class Partial {
  private final String name;
  private final Expr expr;
  private final List<Integer> variables = new ArrayList<>();
  private final Pointwise fused;

  Partial(String name, Expr expr) {
    this.name = name;
    this.expr = expr;
    Expr compact = renumber(expr, new IdentityHashMap<>());
    this.fused = new Pointwise(List.of(compact), variables.size());
  }

  /** The same expression with the variables it mentions numbered 0, 1, … in order of appearance. */
  private Expr renumber(Expr e, IdentityHashMap<Expr, Expr> done) {
    return switch (e) {
      case Expr.Constant c -> c;
      case Expr.Variable v -> {
        if (!variables.contains(v.index())) {
          variables.add(v.index());
        }
        yield new Expr.Variable(variables.indexOf(v.index()));
      }
      case Expr.Apply a -> {
        Expr known = done.get(a);
        if (known == null) {
          known =
              new Expr.Apply(a.op(), a.operands().stream().map(o -> renumber(o, done)).toList());
          done.put(a, known);
        }
        yield known;
      }
    };
  }

  /** Whether the operand with this index, or the result, is read. */
  boolean mentions(int index) {
    return variables.contains(index);
  }

  boolean isZero() {
    return expr instanceof Expr.Constant c && c.value() == 0;
  }

  /** {@code g} times this partial, whose variables are supplied by index. */
  Tensor times(Tensor g, IntFunction<Tensor> variable) {
    return switch (expr) {
      case Expr.Constant c when c.value() == 1 -> g;
      case Expr.Constant c when c.value() == -1 -> Core.neg(g);
      case Expr.Constant c -> g.times(c.value());
      default -> Core.mul(g, value(g, variable));
    };
  }

  private Tensor value(Tensor g, IntFunction<Tensor> variable) {
    Tensor[] operands =
        Lifting.operands(variables.stream().map(variable::apply).toArray(Tensor[]::new));
    return operands.length == 0 || Level.highest(operands) != null
        ? interpret(expr, variable, g, new IdentityHashMap<>())
        : fused.evaluate(name, operands);
  }

  private static Tensor interpret(
      Expr e, IntFunction<Tensor> variable, Tensor like, IdentityHashMap<Expr, Tensor> done) {
    return switch (e) {
      case Expr.Variable v -> variable.apply(v.index());
      case Expr.Constant c -> like.like(c.value());
      case Expr.Apply a -> {
        Tensor known = done.get(a);
        if (known == null) {
          Tensor[] x =
              a.operands().stream()
                  .map(o -> interpret(o, variable, like, done))
                  .toArray(Tensor[]::new);
          known = a.op().primitive().apply(x);
          done.put(a, known);
        }
        yield known;
      }
    };
  }
}
