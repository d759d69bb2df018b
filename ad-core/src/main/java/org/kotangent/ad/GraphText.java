package org.kotangent.ad;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A graph as text, a line for each operation. */
final class GraphText {
  private final Graph<?, ?> graph;
  private final GraphLabels labels;

  GraphText(Graph<?, ?> graph) {
    this.graph = graph;
    this.labels = new GraphLabels(graph);
  }

  String text() {
    List<String> lines = new ArrayList<>();
    lines.add(
        graph.inputs().stream()
            .map(this::typed)
            .collect(Collectors.joining(", ", "graph(", ") {")));
    for (int i = 0; i < graph.constants().size(); i++) {
      Tensor tensor = graph.constants().get(i);
      if (!GraphLabels.isNumber(tensor)) {
        lines.add("  " + typed(new Graph.Constant(i, tensor)) + " = constant");
      }
    }
    for (Graph.Operation operation : graph.operations()) {
      lines.add("  " + line(operation));
    }
    List<String> outputs = new ArrayList<>();
    for (int j = 0; j < graph.outputs().size(); j++) {
      String path = graph.outputPaths().get(j);
      outputs.add((path.isEmpty() ? "" : path + ": ") + labels.of(graph.outputs().get(j)));
    }
    lines.add("  return " + String.join(", ", outputs));
    lines.add("}");
    return String.join("\n", lines);
  }

  private String typed(Graph.Value value) {
    return labels.of(value) + ": " + value.spec();
  }

  private String line(Graph.Operation operation) {
    List<String> results = new ArrayList<>();
    for (int j = 0; j < operation.results().size(); j++) {
      results.add(typed(new Graph.Result(operation.index(), j, operation.results().get(j))));
    }
    String operands =
        operation.operands().stream().map(labels::of).collect(Collectors.joining(", ", "(", ")"));
    return String.join(", ", results) + " = " + operation.primitive() + operands;
  }
}
