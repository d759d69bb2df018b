package org.kotangent.ad;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;

/** Elementwise operations of a program as scalar expressions. */
final class Scalars {
  private Scalars() {}

  /** Whether an operation does the same to every element. */
  static boolean isElementwise(Graph.Operation op) {
    return switch (op.primitive()) {
      case Elementwise e -> true;
      case Select s -> true;
      case Cast c -> op.operands().getFirst().spec().dtype() == DType.BOOL;
      default -> false;
    };
  }

  /** The type an operation computes in; BOOL if it has to do with truth values only. */
  static DType number(Graph.Operation op) {
    DType result = op.results().getFirst().dtype();
    for (Graph.Value operand : op.operands()) {
      if (operand.spec().dtype() != DType.BOOL) {
        return operand.spec().dtype();
      }
    }
    return result;
  }

  /** Arithmetic operations that an elementwise operation takes for one element, about. */
  static int work(Graph.Operation op) {
    return sum(op, ScalarOp::work);
  }

  /** The sum over the scalar operations of an elementwise operation, at least 1. */
  static int sum(Graph.Operation op, ToIntFunction<ScalarOp> each) {
    int sum =
        op.primitive() instanceof Elementwise e
            ? sum(e.body(), each, Collections.newSetFromMap(new IdentityHashMap<>()))
            : 1;
    return Math.max(1, sum);
  }

  /** Floating-point operations that expressions take for one element; shared parts count once. */
  static int flops(List<Expr> bodies) {
    Set<Expr> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    return bodies.stream().mapToInt(body -> sum(body, ScalarOp::flops, seen)).sum();
  }

  private static int sum(Expr e, ToIntFunction<ScalarOp> each, Set<Expr> seen) {
    if (!(e instanceof Expr.Apply apply) || !seen.add(e)) {
      return 0;
    }
    int sum = each.applyAsInt(apply.op());
    for (Expr operand : apply.operands()) {
      sum += sum(operand, each, seen);
    }
    return sum;
  }

  /** Whether a value is a number that can stand in an expression. */
  static boolean isNumber(Graph.Value value) {
    return value instanceof Graph.Constant c
        && value.spec().dtype() != DType.BOOL
        && GraphLabels.isNumber(c.tensor());
  }

  /** Whether an operation gives sums of its operand. */
  static Optional<Sums> sums(Graph.Operation op) {
    return op.operands().size() == 1
        ? op.primitive().sums(op.operands().getFirst().spec())
        : Optional.empty();
  }

  /** Operations as one, sums after elementwise ones: results as expressions in the operands. */
  static Primitive fused(
      List<Graph.Operation> parts, List<Graph.Value> operands, List<Graph.Result> results) {
    Map<Graph.Value, Expr> known = new HashMap<>();
    for (int k = 0; k < operands.size(); k++) {
      known.put(operands.get(k), new Expr.Variable(k));
    }
    List<FusedSum.Total> totals = new ArrayList<>();
    for (Graph.Operation op : parts) {
      Optional<Sums> sums = sums(op);
      if (sums.isPresent()) {
        totals.add(new FusedSum.Total(sums.get(), known.get(op.operands().getFirst())));
      } else {
        Expr[] x =
            op.operands().stream()
                .map(v -> isNumber(v) ? number(v) : known.get(v))
                .toArray(Expr[]::new);
        known.put(op.values().getFirst(), body(op.primitive(), x));
      }
    }
    DType number =
        parts.stream()
            .map(Scalars::number)
            .filter(t -> t != DType.BOOL)
            .findAny()
            .orElse(DType.BOOL);
    List<Expr> stored =
        results.stream().limit(results.size() - totals.size()).map(known::get).toList();
    Shape shape = parts.getFirst().results().getFirst().shape();
    return totals.isEmpty()
        ? new Fused(number, stored, operands.size())
        : new FusedSum(number, shape, stored, totals, operands.size());
  }

  private static Expr number(Graph.Value value) {
    return Expr.of(((Graph.Constant) value).tensor().item());
  }

  private static Expr body(Primitive primitive, Expr[] x) {
    return switch (primitive) {
      case Elementwise e -> substitute(e.body(), x, new IdentityHashMap<>());
      case Select s -> substitute(ScalarOp.SELECT.body(), x, new IdentityHashMap<>());
      default -> x[0].select(Expr.of(1), Expr.of(0)); // a truth value as a number
    };
  }

  /** An expression with its variables replaced; what is shared stays shared. */
  private static Expr substitute(Expr e, Expr[] x, IdentityHashMap<Expr, Expr> done) {
    return switch (e) {
      case Expr.Constant c -> c;
      case Expr.Variable v -> x[v.index()];
      case Expr.Apply a -> {
        Expr known = done.get(a);
        if (known == null) {
          known =
              new Expr.Apply(
                  a.op(), a.operands().stream().map(o -> substitute(o, x, done)).toList());
          done.put(a, known);
        }
        yield known;
      }
    };
  }
}
