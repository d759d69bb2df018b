package org.kotangent.ad;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings operations that announce their results together with the elementwise operations that alone
 * read them.
 */
final class Epilogues {
  private final Program program;
  private final Map<Graph.Value, Integer> reads = new HashMap<>();

  private Epilogues(Program program) {
    this.program = program;
    program.operations().forEach(op -> op.operands().forEach(v -> reads.merge(v, 1, Integer::sum)));
    program.outputs().forEach(v -> reads.merge(v, 1, Integer::sum));
  }

  /** The same program with epilogues. */
  static Program attach(Program program) {
    return new Epilogues(program).attached();
  }

  private Program attached() {
    List<Graph.Operation> operations = new ArrayList<>();
    Map<Graph.Value, Graph.Value> moved = new HashMap<>();
    for (Graph.Operation op : program.operations()) {
      Graph.Operation best =
          elementwise(op)
              .flatMap(part -> product(part).map(product -> together(part, product)))
              .orElse(op);
      List<Graph.Value> operands =
          best.operands().stream().map(v -> moved.getOrDefault(v, v)).toList();
      Graph.Operation placed =
          new Graph.Operation(operations.size(), best.primitive(), operands, best.results());
      operations.add(placed);
      List<Graph.Result> before = op.values();
      List<Graph.Result> after = placed.values();
      for (int j = 0; j < before.size(); j++) {
        moved.put(before.get(j), after.get(j));
      }
    }
    List<Graph.Value> outputs =
        program.outputs().stream().map(v -> moved.getOrDefault(v, v)).toList();
    return new Program(program.inputs(), program.constants(), operations, outputs).live();
  }

  /** An elementwise operation as one of several; its operands without those that are numbers. */
  private static Optional<Graph.Operation> elementwise(Graph.Operation op) {
    if (op.primitive() instanceof Fused) {
      return Optional.of(op);
    }
    if (!Scalars.isElementwise(op)) {
      return Optional.empty();
    }
    List<Graph.Value> operands =
        op.operands().stream().filter(v -> !Scalars.isNumber(v)).distinct().toList();
    Primitive fused = Scalars.fused(List.of(op), operands, op.values());
    return Optional.of(new Graph.Operation(op.index(), fused, operands, op.results()));
  }

  /** The last of the operands that only this operation reads, and in whose place it may write. */
  private Optional<Graph.Result> product(Graph.Operation op) {
    return op.operands().stream()
        .filter(Graph.Result.class::isInstance)
        .map(Graph.Result.class::cast)
        .filter(r -> reads.get(r) == 1)
        .filter(r -> program.operations().get(r.operation()).primitive() instanceof Announcing)
        .filter(r -> op.results().contains(r.spec()))
        .reduce((first, second) -> second);
  }

  private Graph.Operation together(Graph.Operation op, Graph.Result product) {
    Graph.Operation producer = program.operations().get(product.operation());
    List<Graph.Value> operands = new ArrayList<>(producer.operands());
    op.operands().stream().filter(v -> !v.equals(product)).forEach(operands::add);
    var epilogue =
        new Epilogue(
            producer.primitive(),
            producer.operands().size(),
            (Fused) op.primitive(),
            op.operands().indexOf(product),
            op.results().indexOf(product.spec()));
    return new Graph.Operation(op.index(), epilogue, operands, op.results());
  }
}
