package org.kotangent.ad;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * An immutable, row-major array of numbers, or such an array with a derivation attached. Operations
 * on it work the same in either case, which is what makes an ordinary function differentiable.
 *
 * <p>{@code plus}, {@code minus}, {@code times}, {@code div} and {@code unaryMinus} act element by
 * element with NumPy broadcasting; Kotlin reads them as operators. A plain number takes the
 * tensor's type. {@link #equals} is identity; {@link #contentEquals} compares numbers.
 */
public abstract sealed class Tensor permits ArrayTensor, Traced {

  /** Type and shape. */
  public abstract Spec spec();

  /** The numbers; of a value under differentiation, those of its primal. */
  abstract Arr array();

  /** Shape. */
  public final Shape shape() {
    return spec().shape();
  }

  /** Element type. */
  public final DType dtype() {
    return spec().dtype();
  }

  /** Number of axes. */
  public final int rank() {
    return shape().rank();
  }

  /** Number of elements. */
  public final int size() {
    return shape().size();
  }

  /** Size of an axis; negative axes count from the end. */
  public final int dim(int axis) {
    return shape().dim(axis);
  }

  // ---- construction
  // -------------------------------------------------------------------------------

  /** A scalar of type F64. */
  public static Tensor scalar(double value) {
    return full(new Spec(DType.F64, Shape.scalar()), value);
  }

  /** A scalar of type F32. */
  public static Tensor scalar(float value) {
    return full(new Spec(DType.F32, Shape.scalar()), value);
  }

  /** A vector of type F64. */
  public static Tensor of(double... values) {
    return of(Shape.of(values.length), values);
  }

  /** A vector of type F32. */
  public static Tensor of(float... values) {
    return of(Shape.of(values.length), values);
  }

  /** A vector of type I32. */
  public static Tensor of(int... values) {
    return of(Shape.of(values.length), values);
  }

  /** A vector of type BOOL. */
  public static Tensor of(boolean... values) {
    return of(Shape.of(values.length), values);
  }

  /**
   * A tensor of type F64 with a copy of the given numbers in row-major order.
   *
   * @throws ShapeException when their number is not the size of the shape
   */
  public static Tensor of(Shape shape, double... values) {
    return copy(new Spec(DType.F64, shape), values, values.length);
  }

  /** A tensor of type F32; see {@link #of(Shape, double...)}. */
  public static Tensor of(Shape shape, float... values) {
    return copy(new Spec(DType.F32, shape), values, values.length);
  }

  /** A tensor of type I32; see {@link #of(Shape, double...)}. */
  public static Tensor of(Shape shape, int... values) {
    return copy(new Spec(DType.I32, shape), values, values.length);
  }

  /** A tensor of type BOOL; see {@link #of(Shape, double...)}. */
  public static Tensor of(Shape shape, boolean... values) {
    return copy(new Spec(DType.BOOL, shape), values, values.length);
  }

  /**
   * A tensor whose numbers {@code fill} writes into a fresh buffer of zeros, which it must not
   * keep.
   */
  public static Tensor generate(Spec spec, Consumer<Arr> fill) {
    Arr out = Arr.allocate(spec);
    fill.accept(out);
    return new ArrayTensor(out);
  }

  /** A tensor with every element equal to {@code value}. */
  public static Tensor full(Spec spec, double value) {
    requireRepresentable(spec.dtype(), value);
    return generate(spec, a -> a.fill(0, a.size(), value));
  }

  /** A tensor of zeros (of {@code false}). */
  public static Tensor zeros(Spec spec) {
    return new ArrayTensor(Arr.allocate(spec));
  }

  /** A tensor of zeros of the given type and sizes. */
  public static Tensor zeros(DType dtype, int... dims) {
    return zeros(Spec.of(dtype, dims));
  }

  /** A tensor of ones of the given type and sizes. */
  public static Tensor ones(DType dtype, int... dims) {
    return full(Spec.of(dtype, dims), 1);
  }

  // ---- reading
  // ------------------------------------------------------------------------------------

  /**
   * The number of a tensor with one element, exact as a double. Of a value under differentiation it
   * is the primal's number, so that ordinary control flow works.
   *
   * @throws ShapeException when there is not exactly one element
   */
  public final double item() {
    if (size() != 1) {
      throw Checks.shape(
          "item",
          "only a tensor of one element is a number",
          spec().toString(),
          "select or reduce to one element");
    }
    return array().get(0);
  }

  /** The numbers of a floating tensor in row-major order, rounded to float. */
  public final float[] toFloats() {
    Arr a = floating("toFloats").array();
    if (a.dtype() == DType.F32) {
      return Arrays.copyOf(a.f32(), a.size());
    }
    float[] out = new float[a.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) a.f64()[i];
    }
    return out;
  }

  /** The numbers of any tensor in row-major order, exact; truth values are 0 and 1. */
  public final double[] toDoubles() {
    Arr a = array();
    if (a.dtype() == DType.F64) {
      return Arrays.copyOf(a.f64(), a.size());
    }
    double[] out = new double[a.size()];
    Arrays.setAll(out, a::get);
    return out;
  }

  /**
   * The numbers of an I32 tensor in row-major order.
   *
   * @throws DTypeException for another type
   */
  public final int[] toInts() {
    return Arrays.copyOf(require("toInts", DType.I32).array().i32(), size());
  }

  /**
   * The truth values of a BOOL tensor in row-major order.
   *
   * @throws DTypeException for another type
   */
  public final boolean[] toBooleans() {
    return Arrays.copyOf(require("toBooleans", DType.BOOL).array().bool(), size());
  }

  /**
   * Whether the other tensor has the same type, shape and numbers; NaN equals NaN and 0 is not −0.
   */
  public final boolean contentEquals(Tensor other) {
    if (!spec().equals(other.spec())) {
      return false;
    }
    Arr a = array();
    Arr b = other.array();
    int n = size();
    return switch (dtype()) {
      case F32 -> Arrays.equals(a.f32(), 0, n, b.f32(), 0, n);
      case F64 -> Arrays.equals(a.f64(), 0, n, b.f64(), 0, n);
      case I32 -> Arrays.equals(a.i32(), 0, n, b.i32(), 0, n);
      case BOOL -> Arrays.equals(a.bool(), 0, n, b.bool(), 0, n);
    };
  }

  // ---- arithmetic
  // ---------------------------------------------------------------------------------

  /** Sum, element by element. */
  public final Tensor plus(Tensor other) {
    return Core.add(this, other);
  }

  /** Sum with a number. */
  public final Tensor plus(double other) {
    return Core.add(this, like(other));
  }

  /** Difference, element by element. */
  public final Tensor minus(Tensor other) {
    return Core.sub(this, other);
  }

  /** Difference with a number. */
  public final Tensor minus(double other) {
    return Core.sub(this, like(other));
  }

  /** Product, element by element. */
  public final Tensor times(Tensor other) {
    return Core.mul(this, other);
  }

  /** Product with a number. */
  public final Tensor times(double other) {
    return Core.mul(this, like(other));
  }

  /** Quotient, element by element; integers divide towards zero. */
  public final Tensor div(Tensor other) {
    return Core.div(this, other);
  }

  /** Quotient with a number. */
  public final Tensor div(double other) {
    return Core.div(this, like(other));
  }

  /** Negative, element by element. */
  public final Tensor unaryMinus() {
    return Core.neg(this);
  }

  /**
   * The same numbers as another type, rounded to nearest; towards zero and saturating when
   * converted to I32, {@code x ≠ 0} when converted to BOOL. Differentiable between floating types.
   */
  public final Tensor to(DType dtype) {
    return Core.cast(this, dtype);
  }

  /**
   * The number as a scalar of this tensor's type, to be used beside it.
   *
   * @throws DTypeException when an integer tensor is given a number that is not an integer
   */
  public final Tensor like(double number) {
    return full(new Spec(dtype(), Shape.scalar()), number);
  }

  // ---- object
  // -------------------------------------------------------------------------------------

  /** Type, shape and the first numbers, where they are known. */
  @Override
  public String toString() {
    return TensorText.of(this);
  }

  private Tensor floating(String op) {
    if (!dtype().isFloating()) {
      throw Checks.dtype(
          op, "needs a floating tensor", spec().toString(), "convert it with to(DType.F32)");
    }
    return this;
  }

  private Tensor require(String op, DType dtype) {
    if (dtype() != dtype) {
      throw Checks.dtype(
          op,
          "needs a tensor of type " + dtype.label(),
          spec().toString(),
          "convert it with to(DType." + dtype + ")");
    }
    return this;
  }

  private static void requireRepresentable(DType dtype, double value) {
    boolean fits =
        switch (dtype) {
          case F32, F64 -> true;
          case I32 -> value == (int) value;
          case BOOL -> value == 0 || value == 1;
        };
    if (!fits) {
      throw Checks.dtype(
          "full",
          "the number must be a value of the type " + dtype.label(),
          Double.toString(value),
          "convert the tensor first");
    }
  }

  private static Tensor copy(Spec spec, Object values, int length) {
    if (length != spec.shape().size()) {
      throw Checks.shape(
          "of",
          "the shape must hold all numbers",
          "shape: "
              + spec.shape()
              + ", numbers: "
              + length
              + " ("
              + spec.shape().size()
              + " ≠ "
              + length
              + ")",
          "give a number for every element");
    }
    Arr out = Arr.allocate(spec);
    System.arraycopy(values, 0, out.data(), 0, length);
    return new ArrayTensor(out);
  }
}
