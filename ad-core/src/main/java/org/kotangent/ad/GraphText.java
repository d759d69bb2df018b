package org.kotangent.ad;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A graph as text, a line for each operation; what a function does inside of one follows it. */
final class GraphText {
  private final List<String> lines = new ArrayList<>();

  private GraphText() {}

  static String of(Graph<?, ?> graph) {
    GraphLabels labels = GraphLabels.of(graph);
    GraphText text = new GraphText();
    text.lines.add(
        graph.inputs().stream()
            .map(input -> typed(labels, input))
            .collect(Collectors.joining(", ", "graph(", ") {")));
    text.body("  ", graph.program(), labels, graph.outputPaths());
    text.lines.add("}");
    return String.join("\n", text.lines);
  }

  private void body(String indent, Program program, GraphLabels labels, List<String> paths) {
    for (int i = 0; i < program.constants().size(); i++) {
      Tensor tensor = program.constants().get(i);
      if (!GraphLabels.isNumber(tensor)) {
        lines.add(indent + typed(labels, new Graph.Constant(i, tensor)) + " = constant");
      }
    }
    for (Graph.Operation operation : program.operations()) {
      String line = indent + line(labels, operation);
      if (operation.primitive() instanceof Composite composite) {
        Program inside = composite.program(operation.operands());
        lines.add(line + " {");
        body(indent + "  ", inside, labels.inside(operation, inside), List.of());
        lines.add(indent + "}");
      } else {
        lines.add(line);
      }
    }
    List<String> outputs = new ArrayList<>();
    for (int j = 0; j < program.outputs().size(); j++) {
      String path = paths.isEmpty() ? "" : paths.get(j);
      outputs.add((path.isEmpty() ? "" : path + ": ") + labels.of(program.outputs().get(j)));
    }
    lines.add(indent + "return " + String.join(", ", outputs));
  }

  private static String typed(GraphLabels labels, Graph.Value value) {
    return labels.of(value) + ": " + value.spec();
  }

  private static String line(GraphLabels labels, Graph.Operation operation) {
    String results =
        operation.values().stream()
            .map(value -> typed(labels, value))
            .collect(Collectors.joining(", "));
    String operands =
        operation.operands().stream().map(labels::of).collect(Collectors.joining(", ", "(", ")"));
    return results + " = " + operation.primitive() + operands;
  }
}
