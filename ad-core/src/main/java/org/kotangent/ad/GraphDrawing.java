package org.kotangent.ad;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A graph in the language of Graphviz: inputs as ellipses, operations as boxes, named values
 * framed, results at the bottom.
 */
final class GraphDrawing {
  private final Graph<?, ?> graph;
  private final GraphLabels labels;
  private final List<String> lines = new ArrayList<>();

  GraphDrawing(Graph<?, ?> graph) {
    this.graph = graph;
    this.labels = new GraphLabels(graph);
  }

  String text() {
    lines.add("digraph {");
    lines.add("  node [fontname=\"Helvetica\", fontsize=10, shape=box, style=rounded];");
    lines.add("  edge [fontname=\"Helvetica\", fontsize=9];");
    for (Graph.Input input : graph.inputs()) {
      node(id(input), labels.of(input) + "\n" + input.spec(), "shape=ellipse");
    }
    for (int i = 0; i < graph.constants().size(); i++) {
      Graph.Constant constant = new Graph.Constant(i, graph.constants().get(i));
      boolean number = GraphLabels.isNumber(constant.tensor());
      String label = labels.of(constant) + (number ? "" : "\n" + constant.spec());
      node(id(constant), label, "shape=plaintext");
    }
    graph.operations().forEach(this::operation);
    for (int j = 0; j < graph.outputs().size(); j++) {
      Graph.Value value = graph.outputs().get(j);
      String path = graph.outputPaths().get(j);
      String out = "out" + j;
      node(out, path.isEmpty() ? "result" : path, "shape=ellipse, peripheries=2");
      edge(value, out);
    }
    lines.add("}");
    return String.join("\n", lines) + "\n";
  }

  private void operation(Graph.Operation operation) {
    String id = "op" + operation.index();
    boolean named = operation.primitive() instanceof Named;
    Graph.Value first = new Graph.Result(operation.index(), 0, operation.results().getFirst());
    String label = named ? labels.of(first) : operation.primitive().toString();
    node(id, label, named ? "style=\"rounded,bold\"" : "");
    for (Graph.Value operand : operation.operands()) {
      edge(operand, id);
    }
  }

  private void node(String id, String label, String style) {
    lines.add(
        String.format(
            Locale.ROOT,
            "  %s [label=%s%s];",
            id,
            quoted(label),
            style.isEmpty() ? "" : ", " + style));
  }

  /** An edge with the type and shape of the value that runs along it. */
  private void edge(Graph.Value from, String to) {
    String label =
        from instanceof Graph.Result ? " [label=" + quoted(from.spec().toString()) + "]" : "";
    lines.add("  " + id(from) + " -> " + to + label + ";");
  }

  private static String id(Graph.Value value) {
    return switch (value) {
      case Graph.Input input -> "in" + input.index();
      case Graph.Constant constant -> "c" + constant.index();
      case Graph.Result result -> "op" + result.operation();
    };
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
