package org.kotangent.ad;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Turns what a function closes over into inputs while it is captured: an operation that is given
 * one of these tensors is given a symbol instead. A tensor whose numbers are read all the same, to
 * steer control flow for instance, is known: what was captured holds for those numbers alone.
 *
 * <p>Functions with rules of their own cannot depend on symbols that are not their operands. What
 * they close over is known, too.
 */
final class Lifting {
  private static final ScopedValue<Lifting> CURRENT = ScopedValue.newInstance();

  /** How many there are in all threads, so that the usual operation need not ask for its own. */
  private static final AtomicInteger GOING_ON = new AtomicInteger();

  private final SymbolicLevel level;
  private final Set<Tensor> closedOver;
  private final Set<Tensor> known;
  private final boolean symbolic;
  private final IdentityHashMap<Tensor, Symbolic> symbols = new IdentityHashMap<>();
  private final List<Tensor> lifted = new ArrayList<>();

  private Lifting(
      SymbolicLevel level, Set<Tensor> closedOver, Set<Tensor> known, boolean symbolic) {
    this.level = level;
    this.closedOver = closedOver;
    this.known = known;
    this.symbolic = symbolic;
  }

  /**
   * A capture of a function that closes over the given tensors.
   *
   * @param symbolic whether they become inputs; else all of them are known as soon as they are used
   */
  static Lifting of(List<Tensor> tensors, boolean symbolic) {
    Set<Tensor> closedOver = identities();
    closedOver.addAll(tensors);
    return new Lifting(new SymbolicLevel(), closedOver, identities(), symbolic);
  }

  /** The capture. */
  SymbolicLevel level() {
    return level;
  }

  private static Set<Tensor> identities() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  /** What a function computes, run with symbols for what it closes over. */
  List<Tensor> during(Supplier<List<Tensor>> function) {
    GOING_ON.incrementAndGet();
    try {
      return ScopedValue.where(CURRENT, this)
          .call(() -> List.of(operands(function.get().toArray(Tensor[]::new))));
    } finally {
      GOING_ON.decrementAndGet();
    }
  }

  /** The tensors that became inputs, in the order in which they were used first. */
  List<Tensor> lifted() {
    return lifted;
  }

  /** Their symbols. */
  List<Symbolic> symbols() {
    return lifted.stream().map(symbols::get).toList();
  }

  /** The tensors whose numbers were read, and all values of unfinished derivations among them. */
  Set<Tensor> known() {
    return known;
  }

  /** Whether this thread captures a function with what it closes over. */
  static boolean isGoingOn() {
    return GOING_ON.get() != 0 && CURRENT.isBound();
  }

  /** The operands of an operation, with symbols in the places of what is closed over. */
  static Tensor[] operands(Tensor[] operands) {
    return isGoingOn() ? CURRENT.get().replaced(operands) : operands;
  }

  /** Notes that somebody reads the numbers of a tensor. */
  static void read(Tensor tensor) {
    if (isGoingOn()) {
      CURRENT.get().know(tensor);
    }
  }

  /** What a part of a function with a rule of its own computes, which knows what it reads. */
  static <R> R knowing(Supplier<R> part) {
    if (!isGoingOn()) {
      return part.get();
    }
    Lifting around = CURRENT.get();
    Lifting knowing = new Lifting(around.level, around.closedOver, around.known, false);
    return ScopedValue.where(CURRENT, knowing).call(part::get);
  }

  private void know(Tensor tensor) {
    if (closedOver.contains(tensor)) {
      known.add(tensor);
    }
  }

  private Tensor[] replaced(Tensor[] operands) {
    Tensor[] replaced = operands.clone();
    for (int i = 0; i < replaced.length; i++) {
      if (!symbolic || operands[i] instanceof Traced) {
        know(operands[i]);
      } else if (closedOver.contains(operands[i])) {
        replaced[i] = symbols.computeIfAbsent(operands[i], this::symbol);
      }
    }
    return replaced;
  }

  private Symbolic symbol(Tensor tensor) {
    lifted.add(tensor);
    return Symbolic.input(level, tensor.spec());
  }
}
