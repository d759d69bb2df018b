package org.kotangent.ad;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the values of a program are called: inputs by what they are called outside, small constants
 * by their number, named values by their name, all others by position.
 */
final class GraphLabels {
  private final List<String> inputs;
  private final String prefix;
  private final Map<Graph.Value, String> names = new HashMap<>();

  /**
   * The labels of a program.
   *
   * @param prefix the positions of the operations it is inside of
   */
  GraphLabels(Program program, List<String> inputs, String prefix) {
    this.inputs = inputs;
    this.prefix = prefix;
    Set<String> taken = new HashSet<>(inputs);
    for (Graph.Operation operation : program.operations()) {
      if (operation.primitive() instanceof Named named) {
        Graph.Result value = new Graph.Result(operation.index(), 0, operation.results().getFirst());
        String name = named.label();
        names.put(value, taken.add(name) ? name : name + "#" + prefix + operation.index());
      }
    }
  }

  /** The labels of a captured graph. */
  static GraphLabels of(Graph<?, ?> graph) {
    List<String> inputs = graph.inputPaths().stream().map(p -> p.isEmpty() ? "x" : p).toList();
    return new GraphLabels(graph.program(), inputs, "");
  }

  /** The labels of what an operation does inside. */
  GraphLabels inside(Graph.Operation operation, Program body) {
    List<String> operands = operation.operands().stream().map(this::of).toList();
    return new GraphLabels(body, operands, prefix + operation.index() + "/");
  }

  String of(Graph.Value value) {
    return switch (value) {
      case Graph.Input input -> inputs.get(input.index());
      case Graph.Constant constant -> constant(constant);
      case Graph.Result result -> names.getOrDefault(result, position(result));
    };
  }

  private String position(Graph.Result result) {
    String position = "%" + prefix + result.operation();
    return result.output() == 0 ? position : position + "." + result.output();
  }

  private String constant(Graph.Constant constant) {
    Tensor tensor = constant.tensor();
    return isNumber(tensor) ? TensorText.number(tensor.array()) : "c" + prefix + constant.index();
  }

  /** Whether a constant is shown by its number. */
  static boolean isNumber(Tensor constant) {
    return constant instanceof ArrayTensor && constant.rank() == 0;
  }
}
