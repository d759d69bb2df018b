package org.kotangent.ad;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One invocation of a transformation. Every invocation has its own number, larger than those of the
 * invocations around it, so the values of nested derivations are never confused; there is no
 * thread-local or global tape.
 */
abstract sealed class Level
    permits DualLevel, TapeLevel, BatchLevel, SymbolicLevel, WatchLevel, BelowLevel {
  private static final AtomicLong NEXT = new AtomicLong();

  private final long number = NEXT.incrementAndGet();
  private final String transformation;
  private volatile boolean open = true;

  Level(String transformation) {
    this.transformation = transformation;
  }

  /**
   * Applies a primitive to operands of which at least one belongs to this level, none to a higher
   * one.
   */
  abstract Tensor[] apply(Primitive primitive, Tensor[] in);

  /** Ends the derivation: its values may no longer be computed with. */
  final void close() {
    open = false;
  }

  /** Whether this derivation began inside of the other, or there is no other. */
  final boolean isInside(@Nullable Level other) {
    return other == null || number > other.number;
  }

  /** Whether the tensor belongs to this level. */
  final boolean owns(Tensor t) {
    return t instanceof Traced traced && traced.level() == this;
  }

  /**
   * Requires values that were computed below this level to be free of it. Only a function can have
   * closed over a value of it.
   */
  final void requireBelow(Primitive primitive, @Nullable Tensor[] values) {
    if (!(primitive instanceof Composite)) {
      return;
    }
    Level top = highest(values);
    if (top != null && top.number >= number) {
      throw top.closedOver(primitive);
    }
  }

  /** The error of a function with a rule of its own that depends on more than its argument. */
  final EscapedValueException closedOver(Primitive primitive) {
    return new EscapedValueException(
        Checks.message(
            primitive.name(),
            "its function may not close over a value of a derivation that is going on",
            "a value of " + transformation,
            "make that value part of the argument"));
  }

  /**
   * Applies a primitive at the highest level among its operands; on plain arrays, runs its kernel.
   */
  static Tensor[] bind(Primitive primitive, Tensor[] operands) {
    Tensor[] in = Lifting.operands(operands);
    Level top = highest(in);
    if (top == null) {
      return primitive.evaluate(in);
    }
    if (!top.open) {
      throw new EscapedValueException(
          Checks.message(
              primitive.name(),
              "a value of a derivation may be used only inside the function being differentiated",
              "a value that escaped from " + top.transformation,
              "return it from that function instead of storing it"));
    }
    return top.apply(primitive, in);
  }

  /** The level of the innermost derivation that any of the tensors belongs to. */
  static @Nullable Level highest(@Nullable Tensor[] in) {
    Level top = null;
    for (@Nullable Tensor t : in) {
      if (t instanceof Traced traced && (top == null || traced.level().number > top.number)) {
        top = traced.level();
      }
    }
    return top;
  }
}
