package org.kotangent.ad;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The operations that differentiation itself needs: arithmetic, selection, and moving between
 * shapes. Everything else is built on top, in the same way.
 */
public final class Core {
  private Core() {}

  /** a + b with NumPy broadcasting. */
  public static Tensor add(Tensor a, Tensor b) {
    return ScalarOp.ADD.primitive().apply(a, b);
  }

  /** a − b with NumPy broadcasting. */
  public static Tensor sub(Tensor a, Tensor b) {
    return ScalarOp.SUB.primitive().apply(a, b);
  }

  /** a · b element by element, with NumPy broadcasting. */
  public static Tensor mul(Tensor a, Tensor b) {
    return ScalarOp.MUL.primitive().apply(a, b);
  }

  /**
   * a / b element by element, with NumPy broadcasting; integers divide towards zero.
   *
   * @throws DomainException when an integer is divided by 0
   */
  public static Tensor div(Tensor a, Tensor b) {
    return ScalarOp.DIV.primitive().apply(a, b);
  }

  /** −a. */
  public static Tensor neg(Tensor a) {
    return ScalarOp.NEG.primitive().apply(a);
  }

  /**
   * {@code a} where the condition holds, else {@code b}; all three broadcast. The cotangent of the
   * branch not taken is exactly zero.
   */
  public static Tensor select(Tensor condition, Tensor a, Tensor b) {
    return ScalarOp.SELECT.primitive().apply(condition, a, b);
  }

  /** The same numbers as another type; see {@link Tensor#to}. Its adjoint converts back. */
  public static Tensor cast(Tensor x, DType dtype) {
    return x.dtype() == dtype ? x : new Cast(dtype).apply(x);
  }

  /**
   * Repeats x along stretched axes until it has the given shape (NumPy broadcasting). Its adjoint
   * is {@link #sumTo}.
   *
   * @throws ShapeException when x does not broadcast to the shape
   */
  public static Tensor broadcastTo(Tensor x, Shape shape) {
    return x.shape().equals(shape) ? x : new BroadcastTo(shape).apply(x);
  }

  /**
   * Sums x over the axes along which {@code shape} would be stretched to that of x. Its adjoint is
   * {@link #broadcastTo}.
   *
   * @throws ShapeException when the shape does not broadcast to that of x
   */
  public static Tensor sumTo(Tensor x, Shape shape) {
    if (x.shape().equals(shape)) {
      return x;
    }
    if (!shape.broadcastsTo(x.shape())) {
      throw Checks.shape(
          "sumTo",
          "the shape must be one that broadcasts to that of x",
          "x: " + x.spec() + ", shape: " + shape,
          "give axes of size 1 or fewer axes");
    }
    int extra = x.rank() - shape.rank();
    int[] stretched =
        IntStream.range(0, x.rank())
            .filter(i -> i < extra || shape.dim(i - extra) != x.dim(i))
            .toArray();
    return reshape(stretched.length == 0 ? x : sum(x, stretched, true), shape);
  }

  /**
   * Sum over the given axes, or over all of them when none is given; summed axes are kept with size
   * 1 or dropped. [.., k, ..] → [.., 1, ..] or [.., ..]. Sums of F32 are accumulated in double. The
   * sum of nothing is 0.
   *
   * @throws ShapeException when an axis does not exist or is named twice
   * @throws DTypeException when x is of type BOOL
   */
  public static Tensor sum(Tensor x, int[] axes, boolean keepDims) {
    int[] over = x.shape().axes(axes);
    if (x.rank() == 0) {
      return x;
    }
    Tensor kept = new Sum(over).apply(x);
    return keepDims ? kept : reshape(kept, Reduction.dropped(x.shape(), over));
  }

  /**
   * The same numbers in row-major order with another shape.
   *
   * @throws ShapeException when the sizes differ
   */
  public static Tensor reshape(Tensor x, Shape shape) {
    return x.shape().equals(shape) ? x : new Reshape(shape).apply(x);
  }

  /**
   * Axes in another order: axis i of the result is axis {@code order[i]} of x. [d₀, d₁, …] →
   * [d_order₀, …].
   *
   * @throws ShapeException when {@code order} does not name every axis once
   */
  public static Tensor transpose(Tensor x, int... order) {
    return Transpose.isIdentity(order) && order.length == x.rank()
        ? x
        : new Transpose(order).apply(x);
  }

  /**
   * Tensors side by side along a new leading axis. n of [*s] → [n, *s].
   *
   * @throws ShapeException when they differ in type or shape, or there are none
   */
  public static Tensor stack(List<Tensor> parts) {
    if (parts.isEmpty()) {
      throw Checks.shape("stack", "needs at least one tensor", "none", "give one");
    }
    return Stack.INSTANCE.apply(parts.toArray(Tensor[]::new));
  }

  /**
   * The parts along the leading axis, which goes. [n, *s] → n of [*s].
   *
   * @throws ShapeException when x is a scalar
   */
  public static List<Tensor> unstack(Tensor x) {
    return Unstack.INSTANCE.applyAll(x);
  }
}
