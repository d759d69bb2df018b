package org.kotangent.ad;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * Structures of tensors as vectors: each operation acts leaf by leaf on trees of the same structure
 * (see {@link Tree}). Entries of maps and {@link Params} are matched by key, whatever their order,
 * and the result has that of the first tree.
 */
public final class Trees {
  private Trees() {}

  /** The structure with a function applied to every floating tensor. */
  public static <T> T map(T tree, UnaryOperator<Tensor> f) {
    return Tree.of(tree).map(f);
  }

  /**
   * The structure of {@code a} with a function applied to every pair of floating tensors.
   *
   * @throws TreeException when the structures differ
   * @throws ShapeException when two leaves differ in type or shape
   */
  public static <T> T zip(T a, T b, BinaryOperator<Tensor> f) {
    return zip("zip", a, b, f);
  }

  private static <T> T zip(String op, T a, T b, BinaryOperator<Tensor> f) {
    Tree<T> x = Tree.of(a);
    List<Tensor> y = x.matching(op, Tree.of(b));
    List<Tensor> out = new ArrayList<>();
    for (int i = 0; i < y.size(); i++) {
      out.add(f.apply(x.leaves().get(i), y.get(i)));
    }
    return x.rebuild(out);
  }

  /** a + b. */
  public static <T> T plus(T a, T b) {
    return zip("plus", a, b, Tensor::plus);
  }

  /** a − b. */
  public static <T> T minus(T a, T b) {
    return zip("minus", a, b, Tensor::minus);
  }

  /** a · factor. */
  public static <T> T times(T a, double factor) {
    return map(a, t -> t.times(factor));
  }

  /** The zero of the space that the tree lives in. */
  public static <T> T zeros(T tree) {
    return map(tree, t -> Tensor.zeros(t.spec()));
  }

  /**
   * Inner product: the sum over all leaves and elements of aᵢ·bᵢ, a scalar of the type of the
   * leaves.
   *
   * @throws TreeException when there is no leaf or the structures differ
   * @throws DTypeException when leaves are of different types
   */
  public static <T> Tensor dot(T a, T b) {
    Tree<T> x = Tree.of(a);
    List<Tensor> y = x.matching("dot", Tree.of(b));
    Tensor sum = null;
    for (int i = 0; i < y.size(); i++) {
      Tensor term = Core.sum(x.leaves().get(i).times(y.get(i)), new int[0], false);
      sum = sum == null ? term : sum.plus(term);
    }
    if (sum == null) {
      throw Checks.tree(
          "dot",
          "a tree without floating tensors has no inner product",
          x.toString(),
          "add a leaf");
    }
    return sum;
  }
}
