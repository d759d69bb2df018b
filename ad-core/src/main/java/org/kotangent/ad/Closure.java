package org.kotangent.ad;

import java.util.List;
import java.util.function.Function;

/**
 * A function of tensors that closes over nothing of a derivation: what it closed over are further
 * operands. A function that asks for numbers of its operands cannot be converted and stays as it
 * is; the error of the derivation it closes over, if any, says what to do.
 */
record Closure(Function<List<Tensor>, List<Tensor>> function, List<Tensor> captured) {

  static Closure of(Function<List<Tensor>, List<Tensor>> f, List<Tensor> like) {
    Program program;
    try {
      program = Program.trace(f, like.stream().map(Tensor::spec).toList());
    } catch (UnknownNumberException e) {
      return new Closure(f, List.of());
    }
    Program closed = program.closed();
    return new Closure(
        in -> List.of(closed.evaluate(in.toArray(Tensor[]::new))), program.captured());
  }
}
