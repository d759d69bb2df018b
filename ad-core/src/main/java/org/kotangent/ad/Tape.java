package org.kotangent.ad;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reverse mode, walking half: the recorded nodes that lead from sources to results, in an order
 * fixed by their structure alone. Can be pulled back any number of times, from any thread.
 */
final class Tape {
  private final TapeLevel level;
  private final List<Node> order;
  private final IdentityHashMap<Node, Integer> position;
  private final @Nullable Taped[] sources;
  private final @Nullable Taped[] results;

  private Tape(
      TapeLevel level,
      List<Node> order,
      IdentityHashMap<Node, Integer> position,
      @Nullable Taped[] sources,
      @Nullable Taped[] results) {
    this.level = level;
    this.order = order;
    this.position = position;
    this.sources = sources;
    this.results = results;
  }

  /**
   * The tape of results of a level; a result that is not of the level, or null, depends on no
   * source.
   */
  static Tape of(TapeLevel level, @Nullable Taped[] sources, @Nullable Tensor[] results) {
    @Nullable Taped[] taped = new Taped[results.length];
    List<Node> order = new ArrayList<>();
    IdentityHashMap<Node, Integer> position = new IdentityHashMap<>();
    for (int j = 0; j < results.length; j++) {
      if (results[j] instanceof Taped t && t.level() == level) {
        taped[j] = t;
        visit(t.node(), order, position);
      }
    }
    return new Tape(level, order, position, sources, taped);
  }

  /** Depth-first post-order without recursion: every node after all it depends on. */
  private static void visit(Node root, List<Node> order, IdentityHashMap<Node, Integer> position) {
    record Visit(Node node, int next) {}
    if (position.containsKey(root)) {
      return;
    }
    ArrayDeque<Visit> stack = new ArrayDeque<>();
    stack.push(new Visit(root, 0));
    position.put(root, -1);
    while (!stack.isEmpty()) {
      Visit top = stack.pop();
      @Nullable Node[] parents = top.node().parents();
      int i = top.next();
      while (i < parents.length && (parents[i] == null || position.containsKey(parents[i]))) {
        i++;
      }
      if (i < parents.length) {
        Node parent = parents[i];
        stack.push(new Visit(top.node(), i + 1));
        stack.push(new Visit(parent, 0));
        position.put(parent, -1);
      } else {
        position.put(top.node(), order.size());
        order.add(top.node());
      }
    }
  }

  /** Which sources there is a way to from a result, past no operation without a derivative. */
  boolean[] reached(int result) {
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    ArrayDeque<Node> pending = new ArrayDeque<>();
    Taped end = results[result];
    if (end != null) {
      pending.push(end.node());
    }
    while (!pending.isEmpty()) {
      Node node = pending.pop();
      Residuals residuals = node.residuals();
      if (!seen.add(node) || residuals == null) {
        continue;
      }
      for (int i = 0; i < node.parents().length; i++) {
        Node parent = node.parents()[i];
        if (parent != null && residuals.primitive().hasDerivative(i)) {
          pending.push(parent);
        }
      }
    }
    boolean[] reached = new boolean[sources.length];
    for (int i = 0; i < sources.length; i++) {
      Taped source = sources[i];
      reached[i] = source != null && seen.contains(source.node());
    }
    return reached;
  }

  /** The node of a source; null for an argument that is not differentiated. */
  @Nullable Node source(int i) {
    Taped source = sources[i];
    return source == null ? null : source.node();
  }

  /** Number of nodes between sources and results, sources included. */
  int size() {
    return order.size();
  }

  /** Cotangents of the sources from cotangents of the results; null means zero, in and out. */
  @Nullable Tensor[] pull(@Nullable Tensor[] gy) {
    return pull(gy, false);
  }

  /**
   * Like {@link #pull}, for the only time: residuals are released as soon as they have been used.
   */
  @Nullable Tensor[] pullOnce(@Nullable Tensor[] gy) {
    return pull(gy, true);
  }

  private @Nullable Tensor[] pull(@Nullable Tensor[] gy, boolean once) {
    @Nullable Tensor[][] cotangents = new Tensor[order.size()][];
    for (int j = 0; j < results.length; j++) {
      Taped result = results[j];
      if (result != null && gy[j] != null) {
        accumulate(cotangents, result.node(), result.output(), gy[j]);
      }
    }
    for (int k = order.size() - 1; k >= 0; k--) {
      Node node = order.get(k);
      Residuals residuals = node.residuals();
      if (once) {
        node.release();
      }
      if (residuals == null || cotangents[k] == null) {
        continue;
      }
      @Nullable Tensor[] gx = residuals.primitive().vjp(residuals, cotangents[k]);
      if (level.probe() != null) {
        level.probe().pulled(node, cotangents[k], gx);
      }
      cotangents[k] = null;
      @Nullable Node[] parents = node.parents();
      for (int i = 0; i < parents.length; i++) {
        Node parent = parents[i];
        Tensor g = gx[i];
        if (parent != null && g != null) {
          accumulate(cotangents, parent, node.output(i), checked(residuals, i, g));
        }
      }
    }
    @Nullable Tensor[] out = new Tensor[sources.length];
    for (int i = 0; i < sources.length; i++) {
      Taped source = sources[i];
      Integer k = source == null ? null : position.get(source.node());
      out[i] = k == null || cotangents[k] == null ? null : cotangents[k][0];
    }
    return out;
  }

  private void accumulate(@Nullable Tensor[][] cotangents, Node node, int output, Tensor g) {
    int k = position.get(node);
    if (cotangents[k] == null) {
      cotangents[k] = new Tensor[node.arity()];
    }
    Tensor before = cotangents[k][output];
    cotangents[k][output] = before == null ? g : Core.add(before, g);
  }

  private Tensor checked(Residuals r, int i, Tensor g) {
    if (level.owns(g)) {
      throw level.closedOver(r.primitive());
    }
    if (!g.spec().equals(r.in(i))) {
      throw Checks.shape(
          r.primitive().name() + ".vjp",
          "a cotangent must have the type and shape of its operand",
          "operand " + i + ": " + r.in(i) + ", cotangent: " + g.spec(),
          "correct the rule of the primitive");
    }
    return g;
  }
}
