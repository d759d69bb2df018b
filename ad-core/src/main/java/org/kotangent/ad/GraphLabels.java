package org.kotangent.ad;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the values of a graph are called: inputs by their path, small constants by their number,
 * named values by their name, all others by position.
 */
final class GraphLabels {
  private final List<String> inputs;
  private final Map<Graph.Value, String> names = new HashMap<>();

  GraphLabels(Graph<?, ?> graph) {
    inputs = graph.inputPaths().stream().map(path -> path.isEmpty() ? "x" : path).toList();
    Set<String> taken = new HashSet<>(inputs);
    for (Graph.Operation operation : graph.operations()) {
      if (operation.primitive() instanceof Named named) {
        Graph.Result value = new Graph.Result(operation.index(), 0, operation.results().getFirst());
        String name = named.label();
        names.put(value, taken.add(name) ? name : name + "#" + operation.index());
      }
    }
  }

  String of(Graph.Value value) {
    return switch (value) {
      case Graph.Input input -> inputs.get(input.index());
      case Graph.Constant constant -> constant(constant);
      case Graph.Result result -> names.getOrDefault(result, position(result));
    };
  }

  private static String position(Graph.Result result) {
    String position = "%" + result.operation();
    return result.output() == 0 ? position : position + "." + result.output();
  }

  private static String constant(Graph.Constant constant) {
    Tensor tensor = constant.tensor();
    return isNumber(tensor) ? TensorText.number(tensor.array()) : "c" + constant.index();
  }

  /** Whether a constant is shown by its number. */
  static boolean isNumber(Tensor constant) {
    return constant instanceof ArrayTensor && constant.rank() == 0;
  }
}
