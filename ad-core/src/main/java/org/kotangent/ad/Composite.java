package org.kotangent.ad;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** An operation that is given by a function of tensors, with a rule other than that function's. */
abstract class Composite extends Primitive {
  /** A function as an attribute: equal to itself alone. */
  private record Body(Function<List<Tensor>, List<Tensor>> function) {
    @Override
    public String toString() {
      return "…";
    }
  }

  private final Function<List<Tensor>, List<Tensor>> function;

  Composite(Function<List<Tensor>, List<Tensor>> function) {
    this.function = function;
  }

  /** The function itself. */
  final Function<List<Tensor>, List<Tensor>> function() {
    return function;
  }

  @Override
  public final Object attributes() {
    return new Body(function);
  }

  /** What the function computes from operands of which those of a level have no numbers. */
  final Program program(Tensor[] in, Level level) {
    Subset unknown = Subset.owned(level, in);
    List<Spec> specs = unknown.of(in).stream().map(Tensor::spec).toList();
    return Lifting.knowing(
        () -> Program.trace(some -> function.apply(unknown.replaced(in, some)), specs));
  }

  /** What the function computes from operands of the given types and shapes. */
  final Program program(List<Graph.Value> operands) {
    return Program.trace(function, operands.stream().map(Graph.Value::spec).toList());
  }

  @Override
  public final Spec[] infer(Spec[] in) {
    return Program.trace(function, List.of(in)).specs();
  }

  @Override
  final Tensor[] evaluate(Tensor[] in) {
    Tensor[] y = function.apply(List.of(in)).toArray(Tensor[]::new);
    Level top = Level.highest(y);
    if (top != null) {
      throw top.closedOver(this);
    }
    return y;
  }

  @Override
  public long flops(Spec[] in, Spec[] out) {
    return Program.trace(function, List.of(in)).flops();
  }

  @Override
  public final void kernel(Arr[] in, Arr[] out) {
    Tensor[] y = evaluate(Arrays.stream(in).map(ArrayTensor::new).toArray(Tensor[]::new));
    for (int j = 0; j < out.length; j++) {
      System.arraycopy(y[j].array().data(), 0, out[j].data(), 0, out[j].size());
    }
  }

  /** Two lists of tensors, one after the other. */
  static List<Tensor> joined(List<Tensor> first, List<Tensor> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}
