package org.kotangent.ad;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A primitive that does the same to every element: y = f(x₀, x₁, …) with NumPy broadcasting. It is
 * declared by the scalar expression f and its partials Pᵢ = ∂f/∂xᵢ, expressions in the operands and
 * y:
 *
 * <pre>
 * ẏ = Σᵢ ẋᵢ · Pᵢ        x̄ᵢ = Σ over stretched axes of ȳ · Pᵢ
 * </pre>
 */
public final class Elementwise extends Primitive {
  /** An expression in two operands and their result. */
  @FunctionalInterface
  public interface BinaryPartial {
    /** The partial. */
    Expr of(Expr a, Expr b, Expr y);
  }

  private final @Nullable ScalarOp atom;
  private final String name;
  private final Object attributes;
  private final Expr body;
  private final Pointwise function;
  private final Partial[] partials;
  private final int arity;

  private Elementwise(
      @Nullable ScalarOp atom,
      String name,
      Object attributes,
      Expr body,
      int arity,
      Expr[] partials) {
    this.atom = atom;
    this.name = name;
    this.attributes = attributes;
    this.body = body;
    this.function = new Pointwise(List.of(body), arity);
    this.arity = arity;
    this.partials =
        Arrays.stream(partials).map(p -> new Partial(name + ".partial", p)).toArray(Partial[]::new);
  }

  static Elementwise atom(ScalarOp op) {
    return new Elementwise(op, op.label(), List.of(), op.body(), op.arity(), op.partials());
  }

  /**
   * A function of one operand.
   *
   * @param body f in terms of x
   * @param partial f′ in terms of x and y
   */
  public static Elementwise unary(
      String name, UnaryOperator<Expr> body, BinaryOperator<Expr> partial) {
    return unary(name, List.of(), body, partial);
  }

  /** A function of one operand with parameters, such as a slope, that are part of its identity. */
  public static Elementwise unary(
      String name, Object attributes, UnaryOperator<Expr> body, BinaryOperator<Expr> partial) {
    Expr x = new Expr.Variable(0);
    Expr y = new Expr.Variable(1);
    return new Elementwise(
        null, name, attributes, body.apply(x), 1, new Expr[] {partial.apply(x, y)});
  }

  /**
   * A function of two operands.
   *
   * @param body f in terms of a and b
   * @param partialA ∂f/∂a in terms of a, b and y
   * @param partialB ∂f/∂b in terms of a, b and y
   */
  public static Elementwise binary(
      String name, BinaryOperator<Expr> body, BinaryPartial partialA, BinaryPartial partialB) {
    Expr a = new Expr.Variable(0);
    Expr b = new Expr.Variable(1);
    Expr y = new Expr.Variable(2);
    return new Elementwise(
        null,
        name,
        List.of(),
        body.apply(a, b),
        2,
        new Expr[] {partialA.of(a, b, y), partialB.of(a, b, y)});
  }

  /**
   * A function of any number of operands.
   *
   * @param body f in terms of the operands, {@link Expr.Variable}s counted from 0
   * @param partials ∂f/∂xᵢ for each operand, in terms of the operands and, behind them, y
   */
  public static Elementwise of(String name, Expr body, List<Expr> partials) {
    Expr[] each = partials.toArray(Expr[]::new);
    return new Elementwise(null, name, List.of(), body, each.length, each);
  }

  /** The elementary function this is, if it is one. */
  Optional<ScalarOp> atom() {
    return Optional.ofNullable(atom);
  }

  /** The scalar expression in the operands. */
  Expr body() {
    return body;
  }

  @Override
  Object identity() {
    return List.of(attributes, body);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Object attributes() {
    return attributes;
  }

  @Override
  public Spec[] infer(Spec[] in) {
    return function.infer(name, in);
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    try {
      function.run(in, out);
    } catch (ArithmeticException e) {
      throw Checks.domain(
          name,
          "integers cannot be divided by zero",
          Checks.operands(Arrays.stream(in).map(Arr::spec).toArray(Spec[]::new)),
          "mask the zeros or convert with to(DType.F32)");
    }
  }

  @Override
  public long flops(Spec[] in, Spec[] out) {
    return (long) out[0].shape().size() * Scalars.flops(List.of(body));
  }

  @Override
  public boolean differentiable(int i) {
    return i < partials.length;
  }

  @Override
  boolean hasDerivative(int i) {
    return differentiable(i) && !partials[i].isZero();
  }

  @Override
  public boolean needsInput(int i, boolean[] active) {
    return anyMentions(i, active);
  }

  @Override
  public boolean needsOutput(int j, boolean[] active) {
    return anyMentions(arity, active);
  }

  private boolean anyMentions(int index, boolean[] active) {
    for (int i = 0; i < partials.length; i++) {
      if (active[i] && partials[i].mentions(index)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public @Nullable Tensor[] jvp(Tensor[] x, Tensor[] y, @Nullable Tensor[] dx) {
    Tensor sum = null;
    for (int i = 0; i < partials.length; i++) {
      Tensor d = dx[i];
      if (d != null && !partials[i].isZero()) {
        Tensor term = partials[i].times(d, k -> k == arity ? y[0] : x[k]);
        sum = sum == null ? term : Core.add(sum, term);
      }
    }
    return new @Nullable Tensor[] {sum == null ? null : Core.broadcastTo(sum, y[0].shape())};
  }

  @Override
  public @Nullable Tensor[] vjp(Residuals r, @Nullable Tensor[] gy) {
    @Nullable Tensor[] gx = new Tensor[arity];
    Tensor g = gy[0];
    for (int i = 0; i < partials.length && g != null; i++) {
      if (r.active(i) && !partials[i].isZero()) {
        gx[i] =
            Core.sumTo(partials[i].times(g, k -> k == arity ? r.y(0) : r.x(k)), r.in(i).shape());
      }
    }
    return gx;
  }

  @Override
  public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
    return new Tensor[] {apply(Batching.aligned(in, batched))};
  }
}
