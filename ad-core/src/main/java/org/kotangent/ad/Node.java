package org.kotangent.ad;

import org.jspecify.annotations.Nullable;

/**
 * One recorded application: what it was, where its active operands came from, and the residuals its
 * rule asked for. A source has no application. Nothing here changes after construction except that
 * a one-shot pullback drops the residuals it has used.
 */
final class Node {
  private static final @Nullable Node[] NO_PARENTS = {};

  private @Nullable Residuals residuals;
  private final @Nullable Node[] parents;
  private final int[] outputs;
  private final int arity;

  private Node(@Nullable Residuals residuals, @Nullable Node[] parents, int[] outputs, int arity) {
    this.residuals = residuals;
    this.parents = parents;
    this.outputs = outputs;
    this.arity = arity;
  }

  static Node source(Spec spec) {
    return new Node(null, NO_PARENTS, new int[0], 1);
  }

  static Node of(
      Primitive primitive, Tensor[] x, Tensor[] y, @Nullable Node[] parents, int[] outputs) {
    boolean[] active = new boolean[parents.length];
    for (int i = 0; i < active.length; i++) {
      active[i] = parents[i] != null;
    }
    return new Node(Residuals.of(primitive, x, y, active), parents, outputs, y.length);
  }

  /** What the reverse rule needs; null for a source, and once released. */
  @Nullable Residuals residuals() {
    return residuals;
  }

  /** Forgets the residuals, so that their memory is free before the rest of the tape is walked. */
  void release() {
    residuals = null;
  }

  /** The nodes of the operands, null where an operand is not differentiated. */
  @Nullable Node[] parents() {
    return parents;
  }

  /** Which output of its node operand {@code i} is. */
  int output(int i) {
    return outputs[i];
  }

  /** Number of outputs. */
  int arity() {
    return arity;
  }
}
