package org.kotangent.ad;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * After which operation each result of a program is no longer read. A reshaped value is the value
 * it was made from.
 */
final class Lifetimes {
  private final Program program;
  private final Map<Graph.Value, Integer> last = new HashMap<>();
  private final Set<Graph.Value> escaping = new HashSet<>();

  Lifetimes(Program program) {
    this.program = program;
    for (Graph.Operation op : program.operations()) {
      if (!(op.primitive() instanceof Reshape)) {
        op.operands().forEach(v -> last.put(root(v), op.index()));
      }
    }
    program.outputs().forEach(v -> escaping.add(root(v)));
  }

  private Graph.Value root(Graph.Value value) {
    Graph.Value root = value;
    while (root instanceof Graph.Result r
        && program.operations().get(r.operation()).primitive() instanceof Reshape) {
      root = program.operations().get(r.operation()).operands().getFirst();
    }
    return root;
  }

  /** Whether a value is handed out by the program. */
  boolean escapes(Graph.Value value) {
    return escaping.contains(value);
  }

  /** The values that are read by an operation for the last time, in a fixed order. */
  List<Graph.Value> endingAt(int operation) {
    return program.operations().get(operation).operands().stream()
        .map(this::root)
        .distinct()
        .filter(v -> last.getOrDefault(v, -1) == operation)
        .toList();
  }

  /** The inputs that nothing reads or hands out. */
  List<Graph.Input> unreadInputs() {
    List<Graph.Input> unread = new ArrayList<>();
    for (int i = 0; i < program.inputs().size(); i++) {
      Graph.Input input = new Graph.Input(i, program.inputs().get(i));
      if (!last.containsKey(input) && !escaping.contains(input)) {
        unread.add(input);
      }
    }
    return unread;
  }

  /** The results of an operation that nothing reads. */
  List<Graph.Result> unread(Graph.Operation operation) {
    List<Graph.Result> unread = new ArrayList<>();
    for (Graph.Result result : operation.values()) {
      if (!last.containsKey(result) && !escaping.contains(result)) {
        unread.add(result);
      }
    }
    return unread;
  }
}
