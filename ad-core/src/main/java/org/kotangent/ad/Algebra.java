package org.kotangent.ad;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What an operation comes down to when it is known where its operands come from. Every rule keeps
 * all bits, those of −0, ∞ and NaN included; x + 0 is not x, because −0 + 0 is 0.
 */
final class Algebra {
  /** The operation a value is the result of, if it is one. */
  interface Producer extends Function<Graph.Value, Optional<Graph.Operation>> {}

  private final Producer producer;
  private final BiFunction<Primitive, List<Graph.Value>, List<Graph.Value>> emit;

  Algebra(Producer producer, BiFunction<Primitive, List<Graph.Value>, List<Graph.Value>> emit) {
    this.producer = producer;
    this.emit = emit;
  }

  /** Operands of an operation that broadcasts by itself, before they were broadcast. */
  static List<Graph.Value> unstretched(
      Primitive primitive, List<Graph.Value> operands, Producer producer) {
    if (!(primitive instanceof Elementwise || primitive instanceof Select)) {
      return operands;
    }
    List<Graph.Value> own = new ArrayList<>(operands);
    Spec result = infer(primitive, own);
    for (int i = 0; i < own.size(); i++) {
      Graph.Value stretched = own.get(i);
      Optional<Graph.Operation> origin = from(producer, stretched, BroadcastTo.class);
      if (origin.isPresent()) {
        own.set(i, origin.get().operands().getFirst());
        if (!infer(primitive, own).equals(result)) {
          own.set(i, stretched);
        }
      }
    }
    return own;
  }

  private static Spec infer(Primitive primitive, List<Graph.Value> operands) {
    return primitive.infer(operands.stream().map(Graph.Value::spec).toArray(Spec[]::new))[0];
  }

  /** The values that an operation comes down to, or nothing when it is needed as it is. */
  Optional<List<Graph.Value>> shortcut(Primitive primitive, List<Graph.Value> x, Spec result) {
    return switch (primitive) {
      case Reshape reshape -> reshape(reshape, x.getFirst(), result);
      case Transpose transpose -> transpose(transpose, x.getFirst());
      case Unstack unstack ->
          from(producer, x.getFirst(), Stack.class).map(Graph.Operation::operands);
      case Sum sum when x.getFirst().spec().shape().size() == result.shape().size() ->
          Optional.of(emit.apply(new Reshape(result.shape()), x));
      default -> arithmetic(primitive, x, result);
    };
  }

  private Optional<List<Graph.Value>> reshape(Reshape reshape, Graph.Value x, Spec result) {
    if (x.spec().equals(result)) {
      return Optional.of(List.of(x));
    }
    return from(producer, x, Reshape.class).map(inner -> emit.apply(reshape, inner.operands()));
  }

  private Optional<List<Graph.Value>> transpose(Transpose transpose, Graph.Value x) {
    if (transpose.isIdentity()) {
      return Optional.of(List.of(x));
    }
    return from(producer, x, Transpose.class)
        .map(
            inner -> emit.apply(((Transpose) inner.primitive()).then(transpose), inner.operands()));
  }

  private Optional<List<Graph.Value>> arithmetic(
      Primitive primitive, List<Graph.Value> x, Spec result) {
    Optional<ScalarOp> op = atom(primitive);
    if (op.isEmpty()) {
      return Optional.empty();
    }
    return switch (op.get()) {
      case MUL -> same(result, isNumber(x.get(1), 1) ? x.get(0) : x.get(1), isUnit(x));
      case DIV -> same(result, x.get(0), isNumber(x.get(1), 1));
      case NEG -> negated(x.get(0)).map(List::of);
      case ADD ->
          negated(x.get(1)).map(b -> emit.apply(ScalarOp.SUB.primitive(), List.of(x.get(0), b)));
      case SUB ->
          isNumber(x.get(1), 0)
              ? same(result, x.get(0), true)
              : negated(x.get(1))
                  .map(b -> emit.apply(ScalarOp.ADD.primitive(), List.of(x.get(0), b)));
      default -> Optional.empty();
    };
  }

  private static Optional<ScalarOp> atom(Primitive primitive) {
    return primitive instanceof Elementwise e ? e.atom() : Optional.empty();
  }

  private static boolean isUnit(List<Graph.Value> factors) {
    return isNumber(factors.get(0), 1) || isNumber(factors.get(1), 1);
  }

  private static Optional<List<Graph.Value>> same(Spec result, Graph.Value value, boolean holds) {
    return holds && value.spec().equals(result) ? Optional.of(List.of(value)) : Optional.empty();
  }

  /** a, where the value is −a. */
  private Optional<Graph.Value> negated(Graph.Value value) {
    return producer
        .apply(value)
        .filter(op -> atom(op.primitive()).equals(Optional.of(ScalarOp.NEG)))
        .map(op -> op.operands().getFirst());
  }

  private static Optional<Graph.Operation> from(
      Producer producer, Graph.Value value, Class<? extends Primitive> type) {
    return producer.apply(value).filter(op -> type.isInstance(op.primitive()));
  }

  /** Whether the value is this number; +0 is meant by 0. */
  private static boolean isNumber(Graph.Value value, double number) {
    return value instanceof Graph.Constant c
        && GraphLabels.isNumber(c.tensor())
        && Double.compare(c.tensor().item(), number) == 0;
  }
}
