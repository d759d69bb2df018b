package org.kotangent.ad;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The transformations: from a function to its derivatives. Arguments and results are trees (see
 * {@link Tree}); the function is any code that computes with the tensors it is given, with its own
 * control flow. All transformations nest in any order and may run on many threads at once.
 *
 * <p>An output that does not depend on an input has an exactly zero derivative. Source: Griewank
 * and Walther 2008, chapters 3 and 5; for {@link #hvp}, Pearlmutter 1994.
 */
public final class Ad {
  private Ad() {}

  /** A value and its tangent. */
  public record Jvp<R>(R value, R tangent) {}

  /** A value and the linear map from its cotangents to those of the argument. */
  public record Vjp<T, R>(R value, Function<R, T> pullback) {}

  /** A scalar value and its gradient. */
  public record ValueAndGrad<T>(Tensor value, T grad) {}

  /** What a function computes besides the scalar that is differentiated. */
  public record WithAux<A>(Tensor value, A aux) {}

  /** A scalar value, its gradient, and what else the function computed. */
  public record ValueGradAux<T, A>(Tensor value, T grad, A aux) {}

  /**
   * The value f(x) and its tangent ẏ = J(x)·ẋ, in one forward pass.
   *
   * @throws TreeException when x and dx differ in structure
   * @throws ShapeException when a tangent has another type or shape than its primal
   * @throws DTypeException when x has no floating tensor
   */
  public static <T, R> Jvp<R> jvp(Function<? super T, ? extends R> f, T x, T dx) {
    Tree<T> point = differentiable("jvp", x);
    Tree<T> direction = Tree.of(dx);
    point.requireMatch("jvp", direction);
    DualLevel level = new DualLevel();
    List<Tensor> duals = new ArrayList<>();
    for (int i = 0; i < point.leaves().size(); i++) {
      duals.add(new Dual(level, point.leaves().get(i), direction.leaves().get(i)));
    }
    Tree<R> y;
    try {
      y = Tree.<R>of(f.apply(point.rebuild(duals)));
    } finally {
      level.close();
    }
    return new Jvp<>(
        y.map(t -> level.owns(t) ? ((Dual) t).primal() : t),
        y.map(t -> level.owns(t) ? ((Dual) t).tangent() : Tensor.zeros(t.spec())));
  }

  /**
   * The value f(x) and its pullback ȳ ↦ x̄ = J(x)ᵀ·ȳ, which may be applied any number of times.
   *
   * <p>The pullback throws {@link TreeException} when its cotangent has another structure than the
   * value, and {@link ShapeException} when a leaf of it has another type or shape.
   *
   * @throws DTypeException when x has no floating tensor
   */
  public static <T, R> Vjp<T, R> vjp(Function<? super T, ? extends R> f, T x) {
    Recording<T, R> recording = Recording.of(f, differentiable("vjp", x));
    return new Vjp<>(recording.value(), recording::pull);
  }

  /**
   * The gradient of a scalar function: x ↦ ∇f(x), of the structure of x.
   *
   * <p>The returned function throws {@link ShapeException} when f does not return a floating
   * scalar, and {@link DTypeException} when x has no floating tensor.
   */
  public static <T> Function<T, T> grad(Function<? super T, Tensor> f) {
    return x -> Ad.<T>valueAndGrad(f).apply(x).grad();
  }

  /** The value and the gradient of a scalar function; see {@link #grad}. */
  public static <T> Function<T, ValueAndGrad<T>> valueAndGrad(Function<? super T, Tensor> f) {
    return x -> {
      ValueGradAux<T, List<Tensor>> all =
          Ad.<T, List<Tensor>>valueGradAux(t -> new WithAux<>(f.apply(t), List.of())).apply(x);
      return new ValueAndGrad<>(all.value(), all.grad());
    };
  }

  /**
   * The value and the gradient of a scalar function that computes something else besides, which is
   * returned as it is and not differentiated; see {@link #grad}.
   */
  public static <T, A> Function<T, ValueGradAux<T, A>> valueGradAux(
      Function<? super T, WithAux<A>> f) {
    return x -> {
      Recording<T, WithAux<A>> recording = Recording.of(f, differentiable("grad", x));
      Tensor value = recording.value().value();
      if (value.rank() != 0 || !value.dtype().isFloating()) {
        throw Checks.shape(
            "grad",
            "the function must return a floating scalar",
            value.spec().toString(),
            "reduce it with sum or mean, or use vjp");
      }
      @Nullable Tensor[] seed = new Tensor[recording.results().leaves().size()];
      seed[0] = value.like(1);
      T grad = recording.assemble(recording.tape().pullOnce(seed));
      return new ValueGradAux<>(value, grad, recording.value().aux());
    };
  }

  /**
   * Hessian-vector product ∇²f(x)·v of a scalar function by forward over reverse; the Hessian is
   * never formed, and the cost is a small multiple of that of the gradient.
   *
   * @throws TreeException when x and v differ in structure
   */
  public static <T> T hvp(Function<? super T, Tensor> f, T x, T v) {
    return jvp(grad(f), x, v).tangent();
  }

  private static <T> Tree<T> differentiable(String transformation, T x) {
    Tree<T> tree = Tree.of(x);
    if (tree.leaves().isEmpty()) {
      throw Checks.dtype(
          transformation,
          "differentiates floating tensors",
          x instanceof Tensor t ? t.spec().toString() : "a tree without any",
          "convert with to(DType.F32)");
    }
    return tree;
  }

  /** A function run once with its operations recorded. */
  private record Recording<T, R>(Tree<T> argument, R value, Tree<R> results, Tape tape) {

    static <T, R> Recording<T, R> of(Function<? super T, ? extends R> f, Tree<T> argument) {
      TapeLevel level = new TapeLevel();
      Taped[] sources = argument.leaves().stream().map(level::source).toArray(Taped[]::new);
      Tree<R> y;
      try {
        y = Tree.<R>of(f.apply(argument.rebuild(List.of(sources))));
      } finally {
        level.close();
      }
      Tape tape = Tape.of(level, sources, y.leaves().toArray(Tensor[]::new));
      R value = y.map(t -> level.owns(t) ? ((Taped) t).primal() : t);
      return new Recording<>(argument, value, Tree.of(value), tape);
    }

    T pull(R cotangent) {
      Tree<R> gy = Tree.of(cotangent);
      results.requireMatch("pullback", gy);
      return assemble(tape.pull(gy.leaves().toArray(Tensor[]::new)));
    }

    /** The cotangent of the argument from those of its leaves, where null means zero. */
    T assemble(@Nullable Tensor[] gx) {
      List<Tensor> leaves = new ArrayList<>();
      for (int i = 0; i < gx.length; i++) {
        Tensor g = gx[i];
        leaves.add(g == null ? Tensor.zeros(argument.leaves().get(i).spec()) : g);
      }
      return argument.rebuild(leaves);
    }
  }
}
