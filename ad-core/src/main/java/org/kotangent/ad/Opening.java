package org.kotangent.ad;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/** Takes functions with rules of their own apart into what they compute. */
final class Opening {
  private final List<Tensor> constants = new ArrayList<>();
  private final List<Graph.Operation> operations = new ArrayList<>();
  private final IdentityHashMap<Tensor, Graph.Value> known = new IdentityHashMap<>();

  private Opening() {}

  /** The same program without composites. */
  static Program open(Program program) {
    if (program.operations().stream().noneMatch(op -> op.primitive() instanceof Composite)) {
      return program;
    }
    Opening opening = new Opening();
    List<Graph.Value> inputs = new ArrayList<>();
    for (Spec spec : program.inputs()) {
      inputs.add(new Graph.Input(inputs.size(), spec));
    }
    List<Graph.Value> outputs = opening.inline(program, inputs);
    return new Program(program.inputs(), opening.constants, opening.operations, outputs);
  }

  private List<Graph.Value> inline(Program program, List<Graph.Value> inputs) {
    List<List<? extends Graph.Value>> results = new ArrayList<>();
    for (Graph.Operation operation : program.operations()) {
      List<Graph.Value> operands =
          operation.operands().stream().map(v -> moved(v, inputs, results)).toList();
      results.add(
          operation.primitive() instanceof Composite composite
              ? inline(composite.program(operands), operands)
              : appended(operation, operands));
    }
    return program.outputs().stream().map(v -> moved(v, inputs, results)).toList();
  }

  private List<Graph.Result> appended(Graph.Operation operation, List<Graph.Value> operands) {
    Graph.Operation moved =
        new Graph.Operation(
            operations.size(), operation.primitive(), operands, operation.results());
    operations.add(moved);
    return moved.values();
  }

  private Graph.Value moved(
      Graph.Value value, List<Graph.Value> inputs, List<List<? extends Graph.Value>> results) {
    return switch (value) {
      case Graph.Input input -> inputs.get(input.index());
      case Graph.Constant constant -> known.computeIfAbsent(constant.tensor(), this::constant);
      case Graph.Result result -> results.get(result.operation()).get(result.output());
    };
  }

  private Graph.Value constant(Tensor tensor) {
    constants.add(tensor);
    return new Graph.Constant(constants.size() - 1, tensor);
  }
}
