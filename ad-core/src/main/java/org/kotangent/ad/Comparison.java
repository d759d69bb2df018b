package org.kotangent.ad;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;

/** Two programs operation by operation: whether they compute the same, in the same way. */
final class Comparison {
  private final Program before;
  private final Program now;
  private final IdentityHashMap<Tensor, Tensor> equal = new IdentityHashMap<>();

  Comparison(Program before, Program now) {
    this.before = before;
    this.now = now;
  }

  /** The first difference, if there is one. */
  Optional<String> difference() {
    int n = Math.min(before.operations().size(), now.operations().size());
    for (int k = 0; k < n; k++) {
      Optional<String> found = difference(before.operations().get(k), now.operations().get(k));
      if (found.isPresent()) {
        return found;
      }
    }
    if (before.outputs().size() != now.outputs().size()) {
      return Optional.of(
          now.outputs().size() + " results where there were " + before.outputs().size());
    }
    return difference(before.outputs(), now.outputs()).map(d -> "result " + d);
  }

  private Optional<String> difference(Graph.Operation first, Graph.Operation second) {
    boolean alike =
        Likeness.alike(first.primitive(), second.primitive())
            && first.operands().size() == second.operands().size()
            && first.results().equals(second.results());
    return alike
        ? difference(first.operands(), second.operands())
            .map(d -> place(second) + " whose operand " + d)
        : Optional.of(place(second) + " where it was " + PlanText.line(first));
  }

  private String place(Graph.Operation op) {
    return PlanText.line(op)
        + " (operation "
        + (op.index() + 1)
        + " of "
        + now.operations().size()
        + ")";
  }

  /** In which place two lists of values differ first, and how. */
  private Optional<String> difference(List<Graph.Value> first, List<Graph.Value> second) {
    for (int i = 0; i < first.size(); i++) {
      if (!isSame(first.get(i), second.get(i))) {
        return Optional.of((i + 1) + " is " + change(first.get(i), second.get(i)));
      }
    }
    return Optional.empty();
  }

  private boolean isSame(Graph.Value first, Graph.Value second) {
    return (first instanceof Graph.Constant a && second instanceof Graph.Constant b)
        ? isSame(a.tensor(), b.tensor())
        : first.equals(second);
  }

  /** A large constant is compared once, and one that is the same object costs nothing. */
  @SuppressWarnings("ReferenceEquality")
  private boolean isSame(Tensor first, Tensor second) {
    if (first == second || equal.get(first) == second) {
      return true;
    }
    if (!first.contentEquals(second)) {
      return false;
    }
    equal.put(first, second);
    return true;
  }

  private static String change(Graph.Value first, Graph.Value second) {
    if (first instanceof Graph.Constant a
        && second instanceof Graph.Constant b
        && a.spec().equals(b.spec())) {
      Arr x = a.tensor().array();
      Arr y = b.tensor().array();
      int at = 0;
      while (Double.compare(x.get(at), y.get(at)) == 0) {
        at++;
      }
      String where = x.size() == 1 ? "" : " at " + NonFiniteEvent.position(x.shape(), at);
      return y.get(at) + where + " where it was " + x.get(at);
    }
    return text(second) + " where it was " + text(first);
  }

  private static String text(Graph.Value value) {
    return switch (value) {
      case Graph.Input input -> "input " + (input.index() + 1);
      case Graph.Constant constant -> "a constant " + constant.spec();
      case Graph.Result result -> "a result of operation " + (result.operation() + 1);
    };
  }
}
