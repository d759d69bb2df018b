package org.kotangent.ad;

import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Operations that are rather repeated where they are needed than their results stored: cheap ones,
 * made of what is stored anyway, such as the mask of a rectifier or the distance from a mean.
 */
final class Repeats {
  /** Arithmetic that is rather repeated than its result stored. */
  private static final int CHEAP = 4;

  private final List<Graph.Operation> operations;
  private final BitSet repeatable = new BitSet();

  /** The work of each with all that is to be repeated for it, up to about what is too much. */
  private final int[] work;

  Repeats(Program program) {
    this.operations = program.operations();
    this.work = new int[operations.size()];
    Set<Graph.Value> stored = new HashSet<>(program.outputs());
    for (Graph.Operation op : operations) {
      if (!Scalars.isElementwise(op) && Scalars.sums(op).isEmpty()) {
        stored.addAll(op.operands());
      }
    }
    for (Graph.Operation op : operations) {
      boolean made = op.operands().stream().allMatch(v -> isStored(v, stored) || isRepeated(v));
      boolean wanted = op.values().stream().noneMatch(stored::contains);
      work[op.index()] = Scalars.isElementwise(op) ? Math.min(CHEAP + 1, work(op)) : CHEAP + 1;
      repeatable.set(op.index(), made && wanted && work[op.index()] <= CHEAP);
    }
  }

  private boolean isStored(Graph.Value v, Set<Graph.Value> stored) {
    return !(v instanceof Graph.Result r)
        || stored.contains(v)
        || !Scalars.isElementwise(operations.get(r.operation()));
  }

  private boolean isRepeated(Graph.Value v) {
    return v instanceof Graph.Result r && repeatable.get(r.operation());
  }

  /** The work of an operation, where a function is too much and a division as much as may be. */
  private static int work(ScalarOp op) {
    return switch (op) {
      case ADD, SUB, MUL, NEG, SQUARE, ABS, SIGN, MAX, MIN -> 1;
      case LESS, LESS_EQUAL, EQUAL, AND, OR, NOT, SELECT -> 1;
      case DIV, RECIPROCAL, SQRT -> CHEAP;
      default -> CHEAP + 1;
    };
  }

  /** Whether an operation is cheap, made of what is stored anyway, and need not be stored. */
  boolean may(Graph.Operation op) {
    return repeatable.get(op.index());
  }

  /**
   * Whether several had better repeat it: with all that is to be repeated for it, it is still cheap
   * and reads one array of its size at most, so that reading its result would be no less.
   */
  boolean isWorth(Graph.Operation op) {
    Set<Graph.Value> arrays = new HashSet<>();
    if (may(op)) {
      collect(op, op.results().getFirst().shape(), arrays);
    }
    return may(op) && arrays.size() <= 1;
  }

  private int work(Graph.Operation op) {
    int sum = Scalars.sum(op, Repeats::work);
    for (Graph.Value v : op.operands()) {
      sum += v instanceof Graph.Result r && isRepeated(v) ? work[r.operation()] : 0;
    }
    return sum;
  }

  /** The arrays of a shape that are read where an operation is repeated. */
  private void collect(Graph.Operation op, Shape shape, Set<Graph.Value> arrays) {
    for (Graph.Value v : op.operands()) {
      if (v instanceof Graph.Result r && isRepeated(v)) {
        collect(operations.get(r.operation()), shape, arrays);
      } else if (v.spec().shape().equals(shape)) {
        arrays.add(v);
      }
    }
  }
}
