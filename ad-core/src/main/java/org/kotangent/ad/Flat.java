package org.kotangent.ad;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A function of trees as a function of their tensors. The structure of the result is that of the
 * latest call.
 */
final class Flat<T, R> implements Function<List<Tensor>, List<Tensor>> {
  private final Function<? super T, ? extends R> function;
  private final Tree<T> argument;
  private volatile @Nullable Tree<R> result;

  /** The function of the leaves of trees like the given one. */
  Flat(Function<? super T, ? extends R> function, Tree<T> argument) {
    this.function = function;
    this.argument = argument;
  }

  @Override
  public List<Tensor> apply(List<Tensor> leaves) {
    Tree<R> y = Tree.<R>ofTensors(function.apply(argument.rebuild(leaves)));
    result = y;
    return y.leaves();
  }

  /** The structure of the argument. */
  Tree<T> argument() {
    return argument;
  }

  /** The structure of the result. */
  Tree<R> result() {
    Tree<R> known = result;
    if (known == null) {
      throw new IllegalStateException("the function has not been called");
    }
    return known;
  }

  /** The result with the given tensors. */
  R result(List<Tensor> leaves) {
    return result().rebuild(leaves);
  }
}
