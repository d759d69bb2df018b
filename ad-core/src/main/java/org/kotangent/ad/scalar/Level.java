package org.kotangent.ad.scalar;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.kotangent.ad.ScalarOp;

/**
 * One invocation of a transformation. Every invocation has its own number, larger than those of the
 * invocations around it, so the values of nested derivations are never confused; there is no
 * thread-local or global state.
 */
abstract sealed class Level permits Tracer, Expansion {
  private static final AtomicLong NEXT = new AtomicLong();

  private final long number = NEXT.incrementAndGet();
  private final String transformation;
  private boolean open = true;

  Level(String transformation) {
    this.transformation = transformation;
  }

  /** The function of operands of which at least one belongs to this level, none to a higher one. */
  abstract Real apply(ScalarOp op, Real[] x);

  /** Ends the derivation: its values may no longer be computed with. */
  void close() {
    open = false;
  }

  /** Refuses a value that escaped. */
  final void requireOpen(ScalarOp op) {
    if (!open) {
      throw Checks.escaped(op.label(), transformation);
    }
  }

  final String transformation() {
    return transformation;
  }

  /** Applies a function at the highest level among its operands; to plain numbers, computes it. */
  static Real bind(ScalarOp op, Real... x) {
    Level top = highest(op, x);
    if (top != null) {
      return top.apply(op, x);
    }
    return new Flat(
        Rule.of(op)
            .value(
                x[0].number(), x.length > 1 ? x[1].number() : 0, x.length > 2 ? x[2].number() : 0));
  }

  /** Applies a function by the shortest way. */
  static Real evaluate(ScalarOp op, Real[] x) {
    return switch (op) {
      case ADD -> x[0].plus(x[1]);
      case SUB -> x[0].minus(x[1]);
      case MUL -> x[0].times(x[1]);
      case DIV -> x[0].div(x[1]);
      case NEG -> x[0].unaryMinus();
      case SQUARE -> x[0].square();
      case SELECT -> x[0].select(x[1], x[2]);
      default ->
          switch (x.length) {
            case 1 -> x[0].unary(op);
            case 2 -> x[0].binary(op, x[1]);
            default -> bind(op, x);
          };
    };
  }

  private static @Nullable Level highest(ScalarOp op, Real... x) {
    Level top = null;
    for (Real r : x) {
      Level level = r.level();
      if (level != null) {
        level.requireOpen(op);
        if (top == null || level.number > top.number) {
          top = level;
        }
      }
    }
    return top;
  }
}
