package org.kotangent.ad;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What to ask when a derivative is zero, infinite or NaN and should not be. The function is run
 * again with someone looking on, which takes some times as long as running it; it must give the
 * same each time.
 */
public final class Diagnostics {
  private Diagnostics() {}

  /**
   * Which tensors of the argument the results do not depend on. This is seen from the operations,
   * not from numbers: a derivative that happens to be 0 at x counts as a dependence; {@link
   * Ad#stopGradient}, integers and operations that are constant almost everywhere, such as {@code
   * floor}, do not. A function with a rule of its own depends on all it is given.
   *
   * {@snippet :
   * System.out.println(Diagnostics.disconnected(loss, params));
   * }
   *
   * @throws DTypeException when x has no floating tensor
   */
  public static <T, R> Disconnected disconnected(Function<? super T, ? extends R> f, T x) {
    Tree<T> argument = Tree.differentiable("diagnostics", x);
    Flat<T, R> flat = new Flat<>(f, argument);
    Tensor[] leaves = argument.leaves().toArray(Tensor[]::new);
    boolean[] all = Subset.present(leaves).chosen();
    Reverse recorded =
        Reverse.record(flat, leaves, all, new TapeLevel("diagnostics", new Probe() {}));
    Map<String, List<String>> unused = new LinkedHashMap<>();
    for (int j = 0; j < recorded.values().length; j++) {
      if (recorded.values()[j].dtype().isFloating()) {
        boolean[] reached = recorded.tape().reached(j);
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < reached.length; i++) {
          if (!reached[i]) {
            paths.add(argument.paths().get(i));
          }
        }
        unused.put(flat.result().paths().get(j), paths);
      }
    }
    return new Disconnected(unused);
  }

  /**
   * Where the first infinite number or NaN arose that made the value of f at x, its tangent along
   * ones or the gradient of the sum of its results not finite, looked for in this order; empty when
   * all are finite. What arises on the way and is selected away has no effect and is passed over.
   *
   * {@snippet :
   * Diagnostics.firstNonFinite(loss, params).ifPresent(System.out::println);
   * }
   *
   * @throws DTypeException when x has no floating tensor
   * @throws MissingRuleException when an operation has neither derivative rule
   */
  public static <T, R> Optional<NonFinite> firstNonFinite(Function<? super T, ? extends R> f, T x) {
    Tree<T> argument = Tree.differentiable("diagnostics", x);
    Flat<T, R> flat = new Flat<>(f, argument);
    NonFiniteSearch search = new NonFiniteSearch(flat, argument.leaves(), argument.paths());
    return search.inValue().or(() -> forward(search)).or(search::inCotangent);
  }

  private static Optional<NonFinite> forward(NonFiniteSearch search) {
    try {
      return search.inTangent();
    } catch (MissingRuleException e) {
      return Optional.empty(); // It has a reverse rule only; the next stage looks at that.
    }
  }

  /**
   * The same function, which throws {@link NonFiniteException} as soon as its value, or a
   * derivative of it in whichever mode, is not finite; the exception says where that arose. While
   * all is finite it costs a look at argument and result.
   *
   * {@snippet :
   * var step = Ad.valueAndGrad(Diagnostics.requireFinite(loss));
   * }
   */
  public static <T, R> Function<T, R> requireFinite(Function<? super T, ? extends R> f) {
    return x -> {
      Tree<T> argument = Tree.of(x);
      Finite.Search search = Finite.search(new Flat<T, R>(f, argument), argument);
      List<Tensor> leaves = new ArrayList<>();
      for (int i = 0; i < argument.leaves().size(); i++) {
        Finite finite = Finite.argument(argument.paths().get(i), search);
        leaves.add(finite.apply(argument.leaves().get(i)));
      }
      Tree<R> result = Tree.of(f.apply(argument.rebuild(leaves)));
      List<Tensor> checked = new ArrayList<>();
      for (int j = 0; j < result.leaves().size(); j++) {
        Finite finite = Finite.result(result.paths().get(j), search);
        checked.add(finite.apply(result.leaves().get(j)));
      }
      return result.rebuild(checked);
    };
  }
}
