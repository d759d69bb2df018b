package org.kotangent.ad;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rebuilds a program without composites operation by operation with less work: an operation met
 * before is not repeated, one of constants alone is carried out, and what changes nothing is left
 * out. The numbers stay the same to the last bit.
 */
final class Simplifier {
  /** The largest constant that is computed beforehand. */
  private static final int FOLDED = 1 << 16;

  private record Call(Primitive primitive, List<Graph.Value> operands) {}

  private record Scalar(Spec spec, long bits) {}

  private final List<Tensor> constants = new ArrayList<>();
  private final List<Graph.Operation> operations = new ArrayList<>();
  private final Map<Call, List<Graph.Value>> calls = new HashMap<>();
  private final Map<Scalar, Graph.Value> numbers = new HashMap<>();
  private final Map<Tensor, Graph.Value> tensors = new HashMap<>();

  private Simplifier() {}

  /** The same program with less work, without operations that lead to no output. */
  static Program simplify(Program program) {
    Simplifier simplifier = new Simplifier();
    List<Graph.Value> inputs = new ArrayList<>();
    for (Spec spec : program.inputs()) {
      inputs.add(new Graph.Input(inputs.size(), spec));
    }
    List<Graph.Value> outputs = simplifier.inline(program, inputs);
    return new Program(program.inputs(), simplifier.constants, simplifier.operations, outputs)
        .live();
  }

  /** Rebuilds the operations of a program on the given values. */
  private List<Graph.Value> inline(Program program, List<Graph.Value> inputs) {
    List<List<Graph.Value>> results = new ArrayList<>();
    for (Graph.Operation operation : program.operations()) {
      List<Graph.Value> operands =
          operation.operands().stream().map(v -> rebuilt(v, inputs, results)).toList();
      results.add(emit(operation.primitive(), operands));
    }
    return program.outputs().stream().map(v -> rebuilt(v, inputs, results)).toList();
  }

  private Graph.Value rebuilt(
      Graph.Value value, List<Graph.Value> inputs, List<List<Graph.Value>> results) {
    return switch (value) {
      case Graph.Input input -> inputs.get(input.index());
      case Graph.Constant constant -> constant(constant.tensor());
      case Graph.Result result -> results.get(result.operation()).get(result.output());
    };
  }

  /** The value of a constant; equal numbers are one value. */
  private Graph.Value constant(Tensor tensor) {
    if (GraphLabels.isNumber(tensor)) {
      Scalar number = new Scalar(tensor.spec(), Double.doubleToRawLongBits(tensor.item()));
      return numbers.computeIfAbsent(number, n -> added(tensor));
    }
    return tensors.computeIfAbsent(tensor, this::added);
  }

  private Graph.Value added(Tensor tensor) {
    constants.add(tensor);
    return new Graph.Constant(constants.size() - 1, tensor);
  }

  private List<Graph.Value> emit(Primitive primitive, List<Graph.Value> given) {
    if ((primitive instanceof Identity identity && identity.isTransparent())
        || primitive instanceof StopGradient) {
      return given;
    }
    Call call = untransposed(primitive, Algebra.unstretched(primitive, given, this::producer));
    List<Graph.Value> known = calls.get(call);
    if (known == null) {
      known = rewritten(call);
      calls.put(call, known);
    }
    return known;
  }

  /** The call without the transpositions that the operation can do itself. */
  private Call untransposed(Primitive primitive, List<Graph.Value> given) {
    Primitive same = primitive;
    List<Graph.Value> operands = new ArrayList<>(given);
    for (int i = 0; i < given.size(); i++) {
      Optional<Graph.Operation> producer = producer(given.get(i));
      if (producer.isPresent() && producer.get().primitive() instanceof Transpose transpose) {
        Optional<Primitive> direct = same.untransposed(i, transpose.order());
        if (direct.isPresent()) {
          same = direct.get();
          operands.set(i, producer.get().operands().getFirst());
        }
      }
    }
    return new Call(same, operands);
  }

  private List<Graph.Value> rewritten(Call call) {
    Spec[] results = call.primitive().infer(specs(call.operands()));
    if (isFoldable(call.operands(), results)) {
      return folded(call);
    }
    return new Algebra(this::producer, this::emit)
        .shortcut(call.primitive(), call.operands(), results[0])
        .orElseGet(() -> appended(call, results));
  }

  private List<Graph.Value> appended(Call call, Spec[] specs) {
    int index = operations.size();
    operations.add(new Graph.Operation(index, call.primitive(), call.operands(), List.of(specs)));
    List<Graph.Value> results = new ArrayList<>();
    for (int j = 0; j < specs.length; j++) {
      results.add(new Graph.Result(index, j, specs[j]));
    }
    return results;
  }

  private static boolean isFoldable(List<Graph.Value> operands, Spec[] results) {
    for (Graph.Value operand : operands) {
      if (!(operand instanceof Graph.Constant c && c.tensor() instanceof ArrayTensor)) {
        return false;
      }
    }
    int size = 0;
    for (Spec spec : results) {
      size += Math.min(spec.shape().size(), FOLDED + 1);
    }
    return size <= FOLDED;
  }

  private List<Graph.Value> folded(Call call) {
    Tensor[] operands =
        call.operands().stream().map(v -> ((Graph.Constant) v).tensor()).toArray(Tensor[]::new);
    List<Graph.Value> results = new ArrayList<>();
    for (Tensor tensor : Level.bind(call.primitive(), operands)) {
      results.add(constant(tensor));
    }
    return results;
  }

  private Optional<Graph.Operation> producer(Graph.Value value) {
    return value instanceof Graph.Result r
        ? Optional.of(operations.get(r.operation()))
        : Optional.empty();
  }

  private static Spec[] specs(List<Graph.Value> values) {
    return values.stream().map(Graph.Value::spec).toArray(Spec[]::new);
  }
}
