package org.kotangent.ad;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Functions of tensors applied to batches of them. */
final class Vectorised {
  private Vectorised() {}

  /**
   * The function of operands of which those marked as batched have the batch as an additional axis
   * 0, as all its results do.
   */
  static Function<List<Tensor>, List<Tensor>> over(
      Function<List<Tensor>, List<Tensor>> f, boolean[] batched, int size) {
    return in -> {
      BatchLevel level = new BatchLevel(size);
      List<Tensor> each = new ArrayList<>();
      for (int i = 0; i < batched.length; i++) {
        each.add(batched[i] ? level.batched(in.get(i)) : in.get(i));
      }
      List<Tensor> y;
      try {
        y = f.apply(each);
      } finally {
        level.close();
      }
      return y.stream().map(level::values).toList();
    };
  }

  /** The function of trees; see {@link Ad#vmap(Function, BatchAxes, BatchAxes)}. */
  static <T, R> R map(Function<? super T, ? extends R> f, BatchAxes in, BatchAxes out, T x) {
    Tree<T> argument = Tree.ofTensors(x);
    in.requirePaths(argument);
    int size = in.size(argument);
    BatchLevel level = new BatchLevel(size);
    List<Tensor> each = new ArrayList<>();
    for (int i = 0; i < argument.leaves().size(); i++) {
      Tensor leaf = argument.leaves().get(i);
      int axis = in.axis(argument.paths().get(i), leaf.rank());
      each.add(axis < 0 ? leaf : level.batched(Batching.moved(leaf, axis, 0)));
    }
    Tree<R> y;
    try {
      y = Tree.<R>ofTensors(f.apply(argument.rebuild(each)));
    } finally {
      level.close();
    }
    out.requirePaths(y);
    List<Tensor> results = new ArrayList<>();
    for (int j = 0; j < y.leaves().size(); j++) {
      Tensor leaf = y.leaves().get(j);
      String path = y.paths().get(j);
      int axis = out.axis(path, leaf.rank() + 1);
      results.add(
          axis < 0 ? unbatched(level, path, leaf) : Batching.moved(level.values(leaf), 0, axis));
    }
    return y.rebuild(results);
  }

  private static Tensor unbatched(BatchLevel level, String path, Tensor leaf) {
    if (level.owns(leaf)) {
      throw Checks.shape(
          "vmap",
          "a result that is to have no batch axis may not depend on the batch",
          TreePath.named(path) + ": " + leaf.spec(),
          "give it an axis, or reduce it outside of vmap");
    }
    return leaf;
  }
}
