package org.kotangent.ad;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One invocation of a transformation. Every invocation has its own number, larger than those of the
 * invocations around it, so the values of nested derivations are never confused; there is no
 * thread-local or global tape.
 */
abstract sealed class Level permits DualLevel, TapeLevel {
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

  /** Whether the tensor belongs to this level. */
  final boolean owns(Tensor t) {
    return t instanceof Traced traced && traced.level() == this;
  }

  /** The operands one level down. */
  final Tensor[] primals(Tensor[] in) {
    Tensor[] out = new Tensor[in.length];
    for (int i = 0; i < in.length; i++) {
      out[i] = in[i] instanceof Traced traced && traced.level() == this ? traced.primal() : in[i];
    }
    return out;
  }

  /**
   * Applies a primitive at the highest level among its operands; on plain arrays, runs its kernel.
   */
  static Tensor[] bind(Primitive primitive, Tensor[] in) {
    Level top = highest(in);
    if (top == null) {
      return evaluate(primitive, in);
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

  static @Nullable Level highest(Tensor[] in) {
    Level top = null;
    for (Tensor t : in) {
      if (t instanceof Traced traced && (top == null || traced.level().number > top.number)) {
        top = traced.level();
      }
    }
    return top;
  }

  private static Tensor[] evaluate(Primitive primitive, Tensor[] in) {
    Spec[] specs = new Spec[in.length];
    Arr[] arrays = new Arr[in.length];
    for (int i = 0; i < in.length; i++) {
      arrays[i] = in[i].array();
      specs[i] = arrays[i].spec();
    }
    Spec[] results = primitive.infer(specs);
    Arr[] out = new Arr[results.length];
    Tensor[] tensors = new Tensor[results.length];
    for (int j = 0; j < out.length; j++) {
      out[j] = Arr.allocate(results[j]);
      tensors[j] = new ArrayTensor(out[j]);
    }
    primitive.kernel(arrays, out);
    return tensors;
  }
}
