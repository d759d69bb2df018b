package org.kotangent.ad;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

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

  /** A value and the linear map from tangents of the argument to tangents of it. */
  public record Linearization<T, R>(R value, Function<T, R> map) {}

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
    return jvp("jvp", f, x, dx);
  }

  /** The same for the transformation that is called so. */
  static <T, R> Jvp<R> jvp(String transformation, Function<? super T, ? extends R> f, T x, T dx) {
    Tree<T> point = Tree.differentiable(transformation, x);
    List<Tensor> direction = point.matching(transformation, Tree.of(dx));
    Flat<T, R> flat = new Flat<>(f, point);
    Forward pushed =
        Forward.push(
            flat,
            point.leaves().toArray(Tensor[]::new),
            direction.toArray(Tensor[]::new),
            new DualLevel(transformation));
    return new Jvp<>(
        flat.result().rebuild(List.of(pushed.values())),
        flat.result().rebuild(pushed.directions()));
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
    Recording<T, R> recording = Recording.of("vjp", f, x);
    return new Vjp<>(recording.value(), recording::pull);
  }

  /**
   * The gradient of a scalar function: x ↦ ∇f(x), of the structure of x.
   *
   * <p>The returned function throws {@link ShapeException} when f does not return a floating
   * scalar, and {@link DTypeException} when x has no floating tensor.
   */
  public static <T> Function<T, T> grad(Function<? super T, Tensor> f) {
    return grad("grad", f);
  }

  /** The same for the transformation that is called so. */
  static <T> Function<T, T> grad(String transformation, Function<? super T, Tensor> f) {
    return x -> Ad.<T>valueAndGrad(transformation, f).apply(x).grad();
  }

  /** The value and the gradient of a scalar function; see {@link #grad}. */
  public static <T> Function<T, ValueAndGrad<T>> valueAndGrad(Function<? super T, Tensor> f) {
    return valueAndGrad("valueAndGrad", f);
  }

  private static <T> Function<T, ValueAndGrad<T>> valueAndGrad(
      String transformation, Function<? super T, Tensor> f) {
    Function<T, WithAux<List<Tensor>>> alone = x -> new WithAux<>(f.apply(x), List.of());
    return x -> {
      ValueGradAux<T, List<Tensor>> all = Recording.gradient(transformation, alone, x);
      return new ValueAndGrad<>(all.value(), all.grad());
    };
  }

  /**
   * The value and the gradient of a scalar function that computes something else besides, which is
   * returned as it is and not differentiated; see {@link #grad}.
   */
  public static <T, A> Function<T, ValueGradAux<T, A>> valueGradAux(
      Function<? super T, WithAux<A>> f) {
    return x -> Recording.gradient("valueGradAux", f, x);
  }

  /**
   * Hessian-vector product ∇²f(x)·v of a scalar function by forward over reverse; the Hessian is
   * never formed, and the cost is a small multiple of that of the gradient.
   *
   * @throws TreeException when x and v differ in structure
   */
  public static <T> T hvp(Function<? super T, Tensor> f, T x, T v) {
    return hvp("hvp", f, x, v);
  }

  private static <T> T hvp(String transformation, Function<? super T, Tensor> f, T x, T v) {
    return jvp(transformation, Ad.<T>grad(transformation, f), x, v).tangent();
  }

  /**
   * Generalised Gauss–Newton product Jᵀ·∇²ℓ(y)·J·v of a loss ℓ of a model y(x), the part of the
   * Hessian-vector product of ℓ∘y that leaves out the curvature of the model; positive semidefinite
   * where ℓ is convex. No matrix is formed. Source: Schraudolph 2002, §3.
   *
   * @throws TreeException when x and v differ in structure
   */
  public static <T, R> T gnvp(
      Function<? super T, ? extends R> model, Function<? super R, Tensor> loss, T x, T v) {
    Jvp<R> pushed = Ad.<T, R>jvp("gnvp", model, x, v);
    R curved = Ad.<R>hvp("gnvp", loss, pushed.value(), pushed.tangent());
    return Recording.<T, R>of("gnvp", model, x).pull(curved);
  }

  /**
   * The value f(x) and the linear map ẋ ↦ J(x)·ẋ, to be applied many times: f is run once, and what
   * does not depend on ẋ is not computed again.
   *
   * @throws DTypeException when x has no floating tensor
   */
  public static <T, R> Linearization<T, R> linearize(Function<? super T, ? extends R> f, T x) {
    Tree<T> point = Tree.differentiable("linearize", x);
    Flat<T, R> flat = new Flat<>(f, point);
    Tensor[] leaves = point.leaves().toArray(Tensor[]::new);
    Linearised linear = Linearised.of("linearize", flat, leaves, Subset.present(leaves));
    Tree<R> result = flat.result();
    return new Linearization<>(
        result.rebuild(linear.values()),
        dx -> {
          Tensor[] tangents = point.matching("linearize", Tree.of(dx)).toArray(Tensor[]::new);
          return result.rebuild(List.of(linear.tangents().evaluate(tangents)));
        });
  }

  /**
   * All first derivatives of f at x, by forward or reverse sweeps, whichever are fewer. The sweeps
   * are batched, and f is run once (twice where an operation turns out to have no forward rule).
   *
   * @throws DTypeException when x has no floating tensor
   */
  public static <T, R> Jacobian<T, R> jacobian(Function<? super T, ? extends R> f, T x) {
    return jacobian(f, x, Jacobian.Mode.CHEAPER);
  }

  /** All first derivatives of f at x in the given mode; see {@link #jacobian(Function, Object)}. */
  public static <T, R> Jacobian<T, R> jacobian(
      Function<? super T, ? extends R> f, T x, Jacobian.Mode mode) {
    return Jacobian.of("jacobian", f, x, mode);
  }

  /**
   * All second derivatives of a scalar function at x: the Jacobian of its gradient, by forward over
   * reverse. Its value is the gradient.
   */
  public static <T> Jacobian<T, T> hessian(Function<? super T, Tensor> f, T x) {
    return Jacobian.of("hessian", Ad.<T>grad("hessian", f), x, Jacobian.Mode.FORWARD);
  }

  /**
   * The n-th derivative dⁿ/dtⁿ f(x + t·1) at t = 0, by n nested forward modes: the n-th derivative
   * of a function of one number, or of every element where f acts element by element. The cost
   * doubles with n.
   *
   * @throws DomainException when n is negative
   */
  public static Function<Tensor, Tensor> nthDerivative(Function<? super Tensor, Tensor> f, int n) {
    if (n < 0) {
      throw Checks.domain("nthDerivative", "n must not be negative", "" + n, "use n ≥ 0");
    }
    Function<Tensor, Tensor> derivative = f::apply;
    for (int k = 0; k < n; k++) {
      Function<Tensor, Tensor> lower = derivative;
      derivative = x -> jvp("nthDerivative", lower, x, Tensor.full(x.spec(), 1)).tangent();
    }
    return derivative;
  }

  /** A batched function: along axis 0 of every tensor of argument and result. */
  public static <T, R> Function<T, R> vmap(Function<? super T, ? extends R> f) {
    return vmap(f, BatchAxes.of(0));
  }

  /** A batched function: along the given axes of the argument and axis 0 of the result. */
  public static <T, R> Function<T, R> vmap(Function<? super T, ? extends R> f, BatchAxes in) {
    return vmap(f, in, BatchAxes.of(0));
  }

  /**
   * The function that applies f to every element of a batch at once: x₁ … xₙ ↦ f(x₁) … f(xₙ). f is
   * run once, on tensors without their batch axis; tensors of all types are batched, and what f
   * closes over is the same for all. Gradients of single examples are {@code vmap(grad(f))}.
   *
   * <p>A request for the number of a batched tensor throws {@link UnknownNumberException}.
   *
   * <p>The returned function throws {@link ShapeException} when batch axes are missing or differ in
   * size, and {@link TreeException} when a path of the axes leads to no tensor.
   *
   * @param in which axes of the argument are batched
   * @param out where the batch axes of the result go
   */
  public static <T, R> Function<T, R> vmap(
      Function<? super T, ? extends R> f, BatchAxes in, BatchAxes out) {
    return x -> Vectorised.map(f, in, out, x);
  }

  /**
   * A loop of which a tape keeps everything; see {@link #scan(BiFunction, Object, Object,
   * Scan.Memory)}.
   */
  public static <C, X, Y> Scan.Step<C, Y> scan(
      BiFunction<? super C, ? super X, Scan.Step<C, Y>> body, C init, X xs) {
    return scan(body, init, xs, Scan.Memory.ALL);
  }

  /**
   * A loop over axis 0 of tensors that carries a state along: (sₖ₊₁, yₖ) = body(sₖ, xₖ), from s₀ =
   * init. The result is the last state and all outputs, stacked along axis 0.
   *
   * <p>With less {@code memory} than {@link Scan.Memory#ALL} the body is recorded once as a graph,
   * so that it may close over values under differentiation; one that asks for numbers may not.
   *
   * @throws ShapeException when the tensors differ in their number of steps, or a state or an
   *     output in type or shape from the one before
   * @throws TreeException when a state or an output differs in structure from the one before
   */
  public static <C, X, Y> Scan.Step<C, Y> scan(
      BiFunction<? super C, ? super X, Scan.Step<C, Y>> body, C init, X xs, Scan.Memory memory) {
    return Scan.scan(body, init, xs, memory);
  }

  /**
   * The same function, of which a tape keeps the argument alone and recomputes the rest when it is
   * pulled back: memory for one more run of f. Values are the same to the last bit; derivatives may
   * be added up in another order. f may close over values under differentiation unless it asks for
   * the number of a tensor.
   */
  public static <T, R> Function<T, R> checkpoint(Function<? super T, ? extends R> f) {
    return x -> {
      Flat<T, R> flat = new Flat<>(f, Tree.ofTensors(x));
      List<Tensor> leaves = flat.argument().leaves();
      List<Tensor> y = Closure.of(flat, leaves).checkpointed(leaves);
      return flat.result().rebuild(y);
    };
  }

  /**
   * The function f with a forward rule of its own: ẏ = tangent(x, ẋ), linear in ẋ. It gives every
   * mode; reverse mode transposes it. Neither f nor the rule may close over a value under
   * differentiation.
   */
  public static <T, R> Function<T, R> customJvp(
      Function<? super T, ? extends R> f, BiFunction<? super T, ? super T, ? extends R> tangent) {
    return x -> {
      Flat<T, R> flat = new Flat<>(f, Tree.ofTensors(x));
      Tree<T> argument = flat.argument();
      CustomJvp.Rule rule =
          (point, dx) ->
              matching(
                  "customJvp",
                  flat.result(),
                  tangent.apply(argument.rebuild(point), argument.rebuild(dx)));
      Tensor[] operands = argument.leaves().toArray(Tensor[]::new);
      return flat.result(new CustomJvp(flat, rule).applyAll(operands));
    };
  }

  /**
   * The function f with a reverse rule of its own: x̄ = cotangent(x, ȳ), linear in ȳ, at every
   * order of reverse mode. Derivations around it, as in {@link #hvp}, differentiate f and the rule
   * as they are written; a direct {@link #jvp} throws {@link MissingRuleException}. Neither f nor
   * the rule may close over a value under differentiation. Source: Vedaldi 2022, §5, fBP(x, p).
   */
  public static <T, R> Function<T, R> customVjp(
      Function<? super T, ? extends R> f, BiFunction<? super T, ? super R, ? extends T> cotangent) {
    return x -> {
      Flat<T, R> flat = new Flat<>(f, Tree.ofTensors(x));
      Tree<T> argument = flat.argument();
      CustomVjp.Rule rule =
          (point, gy) ->
              matching(
                  "customVjp",
                  argument,
                  cotangent.apply(argument.rebuild(point), flat.result().rebuild(gy)));
      Tensor[] operands = argument.leaves().toArray(Tensor[]::new);
      return flat.result(new CustomVjp(flat, rule).applyAll(operands));
    };
  }

  /** The tensors of what a rule returned, which must be like those it is about. */
  private static List<Tensor> matching(String rule, Tree<?> expected, Object returned) {
    return expected.matching(rule, Tree.ofTensors(returned));
  }

  /** The function as a plan that is made once for arguments alike; see {@link Compiled}. */
  public static <T, R> Compiled<T, R> compile(Function<? super T, ? extends R> f) {
    return new Compiled<>(f);
  }

  /** The same values, through which nothing is differentiated: their derivatives are exactly 0. */
  public static <T> T stopGradient(T tree) {
    return Tree.of(tree).map(t -> StopGradient.INSTANCE.apply(t));
  }

  /** The same tensor under a name, by which graphs and diagnostics call it and its cotangent. */
  public static Tensor named(String name, Tensor x) {
    return new Named(name).apply(x);
  }

  /**
   * Compares forward mode, reverse mode and central differences of f at x to the second order; see
   * {@link #checkGradients(Function, Object, int, long)}.
   */
  public static <T, R> GradientReport checkGradients(Function<? super T, ? extends R> f, T x) {
    return checkGradients(f, x, 2, 0);
  }

  /**
   * Compares forward mode, reverse mode and central differences of f at x, in all orders up to the
   * given one and in every mix of modes. Leaves of up to 64 elements are checked element by
   * element, larger ones along a random direction, and where that fails the element is looked for.
   *
   * <p>Tolerances are those of the least precise type among argument and result: 10⁻⁶ for F64, 5 ·
   * 10⁻³ for F32. Where a part of f has no forward rule, reverse mode is compared alone.
   *
   * @param order 1, 2 or 3
   * @param seed that of the random directions
   * @throws DomainException when the order is another, or f gives other numbers when called again
   * @throws DTypeException when argument or result has no floating tensor
   */
  public static <T, R> GradientReport checkGradients(
      Function<? super T, ? extends R> f, T x, int order, long seed) {
    return GradientCheck.run(f, x, order, seed);
  }
}
