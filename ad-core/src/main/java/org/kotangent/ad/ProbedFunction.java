package org.kotangent.ad;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * A function at a point, made scalar by a random weight for every number it gives, with its
 * derivatives along random directions in every mix of forward and reverse mode.
 */
final class ProbedFunction<T, R> {
  /**
   * A derivative along fixed directions as a function of the point.
   *
   * @param modes how it is found, outermost mode first; empty for the function itself
   */
  record Mix<T>(String modes, Function<T, Tensor> function) {
    private Mix<T> forward(T v) {
      return new Mix<>(
          over("forward"), t -> Ad.<T, Tensor>jvp("checkGradients", function, t, v).tangent());
    }

    private Mix<T> reverse(T v) {
      List<Tensor> leaves = Tree.of(v).leaves();
      return new Mix<>(
          over("reverse"),
          t -> dot(Tree.of(Ad.grad("checkGradients", function).apply(t)).leaves(), leaves));
    }

    /** The name of this with a mode around it. */
    String over(String mode) {
      return modes.isEmpty() ? mode : mode + " over " + modes;
    }
  }

  private final Function<? super T, ? extends R> f;
  private final Tree<T> point;
  private final Tree<R> value;
  private final boolean forward;
  private final Random random;
  private final List<Tensor> weights = new ArrayList<>();
  private final List<T> directions = new ArrayList<>();

  ProbedFunction(Function<? super T, ? extends R> f, T x, int order, long seed) {
    this.f = f;
    this.point = Tree.of(x);
    this.value = Tree.<R>of(f.apply(x));
    requireDifferentiable();
    requirePure(Tree.<R>of(f.apply(x)));
    this.forward = hasForward();
    this.random = new Random(seed);
    value.leaves().forEach(y -> weights.add(noise(new Spec(DType.F64, y.shape()))));
    for (int k = 1; k < order; k++) {
      directions.add(point.map(t -> noise(t.spec())));
    }
  }

  private void requireDifferentiable() {
    if (point.leaves().isEmpty() || value.leaves().isEmpty()) {
      throw Checks.dtype(
          "checkGradients",
          "argument and result must have floating tensors",
          "argument: " + point + ", result: " + value,
          "convert with to(DType.F64)");
    }
  }

  private void requirePure(Tree<R> again) {
    List<Tensor> leaves = value.matching("checkGradients", again);
    for (int i = 0; i < leaves.size(); i++) {
      if (!value.leaves().get(i).contentEquals(leaves.get(i))) {
        throw Checks.domain(
            "checkGradients",
            "the function must give the same for the same argument",
            named(value, i) + " with other numbers the second time",
            "make what it draws at random an argument");
      }
    }
  }

  /** A function may be one of reverse mode alone; its rules say so when asked for a tangent. */
  private boolean hasForward() {
    try {
      Ad.jvp("checkGradients", f, here(), point.map(t -> Tensor.zeros(t.spec())));
      return true;
    } catch (MissingRuleException e) {
      return false;
    }
  }

  /** Numbers between ½ and 1 of either sign, so that none is lost beside the others. */
  Tensor noise(Spec spec) {
    return Tensor.generate(
        spec,
        a -> {
          for (int i = 0; i < a.size(); i++) {
            double size = 0.5 + random.nextDouble() / 2;
            a.set(i, random.nextBoolean() ? size : -size);
          }
        });
  }

  Tree<T> point() {
    return point;
  }

  Tree<R> value() {
    return value;
  }

  /** Whether every part of the function has a forward rule. */
  boolean forward() {
    return forward;
  }

  /** The least precise type of argument and result. */
  DType precision() {
    boolean single =
        point.leaves().stream().anyMatch(t -> t.dtype() == DType.F32)
            || value.leaves().stream().anyMatch(t -> t.dtype() == DType.F32);
    return single ? DType.F32 : DType.F64;
  }

  /** How a leaf is called in a report. */
  static String named(Tree<?> tree, int leaf) {
    String path = tree.paths().get(leaf);
    return path.isEmpty() ? "tensor" : path;
  }

  /** The gradients of the mixes of order n − 1, which are derivatives of order n. */
  List<Tree<T>> gradients(List<Mix<T>> lower) {
    return lower.stream()
        .map(m -> Tree.of(Ad.grad("checkGradients", m.function()).apply(here())))
        .toList();
  }

  /** The derivatives of order n in every mix, along the first n directions. */
  List<Mix<T>> mixes(int n) {
    List<Mix<T>> mixes = List.of(new Mix<>("", this::weighted));
    for (T v : directions.subList(0, n)) {
      mixes = mixes.stream().flatMap(m -> along(m, v).stream()).toList();
    }
    return mixes;
  }

  private List<Mix<T>> along(Mix<T> mix, T v) {
    return forward ? List.of(mix.forward(v), mix.reverse(v)) : List.of(mix.reverse(v));
  }

  /** The derivative of a mix along a direction of one leaf, by forward mode. */
  double tangent(Mix<T> mix, int leaf, Tensor direction) {
    List<Tensor> leaves = new ArrayList<>();
    point.leaves().forEach(t -> leaves.add(Tensor.zeros(t.spec())));
    leaves.set(leaf, direction);
    return mix.forward(point.rebuild(leaves)).function().apply(here()).item();
  }

  private T here() {
    return point.rebuild(point.leaves());
  }

  /** ⟨w, f(x)⟩ in F64. */
  private Tensor weighted(T at) {
    return dot(Tree.<R>of(f.apply(at)).leaves(), weights);
  }

  static Tensor dot(List<Tensor> a, List<Tensor> b) {
    Tensor sum = Tensor.scalar(0.0);
    for (int i = 0; i < a.size(); i++) {
      Tensor product = a.get(i).to(DType.F64).times(b.get(i).to(DType.F64));
      sum = sum.plus(Core.sum(product, new int[0], false));
    }
    return sum;
  }

  /**
   * The derivative of order n along the first n directions at the point moved along a direction of
   * one leaf, with the size of the terms it is a sum of.
   */
  Differences.Point moved(int n, int leaf, Tensor direction, double distance) {
    List<Tensor> leaves = new ArrayList<>(point.leaves());
    leaves.set(leaf, leaves.get(leaf).plus(direction.times(distance)));
    T at = point.rebuild(leaves);
    if (n > 0 && !forward) {
      Mix<T> inner = mixes(n - 1).getLast();
      return terms(
          Tree.of(Ad.grad("checkGradients", inner.function()).apply(at)),
          Tree.of(directions.get(n - 1)).leaves());
    }
    Function<T, R> tangent = f::apply;
    for (T v : directions.subList(0, n)) {
      Function<T, R> inner = tangent;
      tangent = t -> Ad.<T, R>jvp("checkGradients", inner, t, v).tangent();
    }
    return terms(Tree.<R>of(tangent.apply(at)), weights);
  }

  private static Differences.Point terms(Tree<?> a, List<Tensor> b) {
    double sum = 0;
    double size = 0;
    for (int j = 0; j < b.size(); j++) {
      double[] p = a.leaves().get(j).toDoubles();
      double[] q = b.get(j).toDoubles();
      for (int i = 0; i < p.length; i++) {
        sum += p[i] * q[i];
        size += Math.abs(p[i] * q[i]);
      }
    }
    return new Differences.Point(sum, size);
  }
}
