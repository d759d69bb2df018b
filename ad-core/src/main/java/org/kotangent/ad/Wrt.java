package org.kotangent.ad;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A choice of the tensors of an argument to differentiate with respect to. Whatever transformation
 * is asked for sees a function of the chosen tensors alone; the others cost nothing.
 *
 * {@snippet :
 * Wrt<Model> last = Wrt.of(model, "dense2");
 * Params gradient = Ad.grad(last.function(loss)).apply(last.chosen());
 * }
 *
 * @param <T> the type of the argument, a tree
 */
public final class Wrt<T> {
  private final Tree<T> argument;
  private final Params chosen;

  private Wrt(Tree<T> argument, Params chosen) {
    this.argument = argument;
    this.chosen = chosen;
  }

  /**
   * The floating tensors of the argument at and below the given paths.
   *
   * @throws TreeException when there is none at or below a path
   */
  public static <T> Wrt<T> of(T argument, String... paths) {
    Tree<T> tree = Tree.of(argument);
    Map<String, Tensor> chosen = new LinkedHashMap<>();
    for (String path : paths) {
      tree.requireLeaf("wrt", "floating tensor", path);
      for (int i = 0; i < tree.paths().size(); i++) {
        if (TreePath.isAtOrBelow(tree.paths().get(i), path)) {
          chosen.put(tree.paths().get(i), tree.leaves().get(i));
        }
      }
    }
    return new Wrt<>(tree, Params.of(chosen));
  }

  /** The chosen tensors by path. */
  public Params chosen() {
    return chosen;
  }

  /** The function of the chosen tensors; the others stay as they are in the argument. */
  public <R> Function<Params, R> function(Function<? super T, ? extends R> f) {
    return params -> f.apply(argument(params));
  }

  /** The argument with other tensors at the chosen paths. */
  public T argument(Params params) {
    List<Tensor> leaves = new ArrayList<>();
    for (int i = 0; i < argument.paths().size(); i++) {
      String path = argument.paths().get(i);
      leaves.add(chosen.contains(path) ? params.get(path) : argument.leaves().get(i));
    }
    return argument.rebuild(leaves);
  }
}
