package org.kotangent.ad;

import java.util.HashSet;
import java.util.Set;

/**
 * What happened to the variables that a function closes over while it was run and captured.
 *
 * @param used those that lead to tensors that the function uses
 * @param own those that the function changes whenever it is run, such as a counter
 * @param once those that it uses and changed when it was run, such as a value that it keeps
 * @param others those that changed for another reason while it was captured
 */
record Look(Set<Variable> used, Set<Variable> own, Set<Variable> once, Set<Variable> others) {
  /**
   * Compares the environments before the function was run, before it was captured and after that.
   *
   * @param tensors those that the function uses
   */
  static Look of(Environment before, Environment between, Environment after, Set<Tensor> tensors) {
    Set<Variable> used = between.leadingTo(tensors);
    Set<Variable> run = between.changes(before);
    Set<Variable> captured = after.changes(between);
    Set<Variable> own = new HashSet<>(run);
    own.retainAll(captured);
    own.removeAll(used);
    Set<Variable> once = new HashSet<>(run);
    once.retainAll(used);
    captured.removeAll(own);
    if (after.equals(between)) {
      captured.removeAll(used); // These tensors are inputs, whoever replaces them.
    }
    return new Look(used, own, once, captured);
  }

  /** Whether nothing interfered. */
  boolean isUndisturbed() {
    return others.isEmpty();
  }

  /** Whether the function uses what it computed before, so that nothing at all may change. */
  boolean keeps() {
    return !once.isEmpty();
  }
}
