package org.kotangent.ad;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A graph in the language of Graphviz: inputs as ellipses, operations as boxes, named values and
 * what a function does inside of an operation framed, results at the bottom.
 */
final class GraphDrawing {
  /** A program and the nodes of its values, of which those of inputs are outside of it. */
  private static final class Scope {
    final Program program;
    final GraphLabels labels;
    final String prefix;
    final List<String> inputs;
    final Map<Graph.Value, String> inside = new HashMap<>();

    Scope(Program program, GraphLabels labels, String prefix, List<String> inputs) {
      this.program = program;
      this.labels = labels;
      this.prefix = prefix;
      this.inputs = inputs;
    }

    String node(Graph.Value value) {
      return switch (value) {
        case Graph.Input input -> inputs.get(input.index());
        case Graph.Constant constant -> "c" + prefix + constant.index();
        case Graph.Result result -> inside.getOrDefault(result, "op" + prefix + result.operation());
      };
    }
  }

  private final List<String> lines = new ArrayList<>();

  private GraphDrawing() {}

  static String of(Graph<?, ?> graph) {
    GraphDrawing drawing = new GraphDrawing();
    drawing.draw(graph);
    return String.join("\n", drawing.lines) + "\n";
  }

  private void draw(Graph<?, ?> graph) {
    List<String> inputs = graph.inputs().stream().map(input -> "in" + input.index()).toList();
    Scope scope = new Scope(graph.program(), GraphLabels.of(graph), "", inputs);
    lines.add("digraph {");
    lines.add("  node [fontname=\"Helvetica\", fontsize=10, shape=box, style=rounded];");
    lines.add("  edge [fontname=\"Helvetica\", fontsize=9];");
    for (Graph.Input input : graph.inputs()) {
      String label = scope.labels.of(input) + "\n" + input.spec();
      node(scope.node(input), label, "shape=ellipse");
    }
    body(scope);
    for (int j = 0; j < graph.outputs().size(); j++) {
      String path = graph.outputPaths().get(j);
      String out = "out" + j;
      node(out, path.isEmpty() ? "result" : path, "shape=ellipse, peripheries=2");
      edge(scope, graph.outputs().get(j), out);
    }
    lines.add("}");
  }

  private void body(Scope scope) {
    for (int i = 0; i < scope.program.constants().size(); i++) {
      Graph.Constant constant = new Graph.Constant(i, scope.program.constants().get(i));
      boolean number = GraphLabels.isNumber(constant.tensor());
      String label = scope.labels.of(constant) + (number ? "" : "\n" + constant.spec());
      node(scope.node(constant), label, "shape=plaintext");
    }
    for (Graph.Operation operation : scope.program.operations()) {
      if (operation.primitive() instanceof Composite composite) {
        frame(scope, operation, composite);
      } else {
        operation(scope, operation);
      }
    }
  }

  /** An operation as what it does inside. */
  private void frame(Scope scope, Graph.Operation operation, Composite composite) {
    Program program = composite.program(operation.operands());
    String prefix = scope.prefix + operation.index() + "_";
    List<String> operands = operation.operands().stream().map(scope::node).toList();
    Scope inside = new Scope(program, scope.labels.inside(operation, program), prefix, operands);
    lines.add("  subgraph cluster_" + scope.prefix + operation.index() + " {");
    lines.add("  label=" + quoted(composite.name()) + ";");
    body(inside);
    lines.add("  }");
    for (Graph.Result result : operation.values()) {
      scope.inside.put(result, inside.node(program.outputs().get(result.output())));
    }
  }

  private void operation(Scope scope, Graph.Operation operation) {
    Graph.Value first = operation.values().getFirst();
    boolean named = operation.primitive() instanceof Named;
    String label = named ? scope.labels.of(first) : operation.primitive().toString();
    node(scope.node(first), label, named ? "style=\"rounded,bold\"" : "");
    for (Graph.Value operand : operation.operands()) {
      edge(scope, operand, scope.node(first));
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
  private void edge(Scope scope, Graph.Value from, String to) {
    String label =
        from instanceof Graph.Result ? " [label=" + quoted(from.spec().toString()) + "]" : "";
    lines.add("  " + scope.node(from) + " -> " + to + label + ";");
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
