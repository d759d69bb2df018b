package org.kotangent.ad;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A function of trees run once with its operations recorded. */
record Recording<T, R>(Tree<T> argument, R value, Tree<R> results, Tape tape) {

  /** A recording for the transformation that is called so. */
  static <T, R> Recording<T, R> of(String transformation, Function<? super T, ? extends R> f, T x) {
    Tree<T> argument = Tree.differentiable(transformation, x);
    Flat<T, R> flat = new Flat<>(f, argument);
    Reverse reverse = Reverse.of(transformation, flat, argument.leaves().toArray(Tensor[]::new));
    R value = flat.result().rebuild(List.of(reverse.values()));
    return new Recording<>(argument, value, Tree.ofTensors(value), reverse.tape());
  }

  /** The value of a scalar function at x, its gradient, and what else it computed. */
  static <T, A> Ad.ValueGradAux<T, A> gradient(
      String transformation, Function<? super T, Ad.WithAux<A>> f, T x) {
    Recording<T, Ad.WithAux<A>> recording = of(transformation, f, x);
    Tensor value = recording.value().value();
    if (value.rank() != 0 || !value.dtype().isFloating()) {
      throw Checks.shape(
          transformation,
          "the function must return a floating scalar",
          value.spec().toString(),
          "reduce it with sum or mean, or use vjp");
    }
    @Nullable Tensor[] seed = new Tensor[recording.results().leaves().size()];
    seed[0] = value.like(1);
    T grad = recording.assemble(recording.tape().pullOnce(seed));
    return new Ad.ValueGradAux<>(value, grad, recording.value().aux());
  }

  T pull(R cotangent) {
    List<Tensor> gy = results.matching("pullback", Tree.ofTensors(cotangent));
    return assemble(tape.pull(gy.toArray(Tensor[]::new)));
  }

  /** The cotangent of the argument from those of its leaves, where null means zero. */
  private T assemble(@Nullable Tensor[] gx) {
    List<Tensor> leaves = new ArrayList<>();
    for (int i = 0; i < gx.length; i++) {
      Tensor g = gx[i];
      leaves.add(g == null ? Tensor.zeros(argument.leaves().get(i).spec()) : g);
    }
    return argument.rebuild(leaves);
  }
}
