package org.kotangent.ad;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The sizes of a tensor's axes, outermost first; a scalar has none. Immutable and compared by
 * value. Axes may be counted from the end: −1 is the last.
 */
public final class Shape {
  private static final Shape SCALAR = new Shape(new int[0]);

  private final int[] dims;
  private final int size;

  private Shape(int[] dims) {
    long product = 1;
    for (int d : dims) {
      if (d < 0) {
        throw Checks.shape(
            "shape", "sizes must not be negative", Arrays.toString(dims), "use sizes ≥ 0");
      }
      product = Math.min(product * d, Integer.MAX_VALUE + 1L);
    }
    if (product > Integer.MAX_VALUE) {
      throw Checks.shape(
          "shape",
          "at most 2³¹−1 elements fit",
          Arrays.toString(dims),
          "use a smaller tensor or split it");
    }
    this.dims = dims;
    this.size = (int) product;
  }

  /** The shape with the given sizes. */
  public static Shape of(int... dims) {
    return dims.length == 0 ? SCALAR : new Shape(dims.clone());
  }

  /** The shape {@code []} of a single number. */
  public static Shape scalar() {
    return SCALAR;
  }

  /** Number of axes. */
  public int rank() {
    return dims.length;
  }

  /** Number of elements: the product of the sizes, 1 for a scalar. */
  public int size() {
    return size;
  }

  /**
   * Size of an axis.
   *
   * @throws ShapeException when there is no such axis
   */
  public int dim(int axis) {
    return dims[axis(axis)];
  }

  /**
   * The axis counted from the front, in {@code [0, rank)}.
   *
   * @throws ShapeException when there is no such axis
   */
  public int axis(int axis) {
    int a = axis < 0 ? axis + dims.length : axis;
    if (a < 0 || a >= dims.length) {
      throw Checks.shape(
          "shape",
          "axis must lie in [" + -dims.length + ", " + dims.length + ")",
          "axis " + axis + " of " + this,
          "name an axis that exists");
    }
    return a;
  }

  /** The sizes, outermost first, as a new array. */
  public int[] toArray() {
    return dims.clone();
  }

  /** This shape with one size replaced. */
  public Shape with(int axis, int dim) {
    int[] d = dims.clone();
    d[axis(axis)] = dim;
    return new Shape(d);
  }

  /** This shape without one axis. */
  public Shape drop(int axis) {
    int a = axis(axis);
    int[] d = new int[dims.length - 1];
    System.arraycopy(dims, 0, d, 0, a);
    System.arraycopy(dims, a + 1, d, a, d.length - a);
    return of(d);
  }

  /** This shape with an axis inserted before position {@code axis}; −1 appends. */
  public Shape insert(int axis, int dim) {
    int a = axis < 0 ? axis + dims.length + 1 : axis;
    if (a < 0 || a > dims.length) {
      throw Checks.shape(
          "shape",
          "an axis can be inserted at 0 to " + dims.length,
          "position " + axis,
          "choose one of these");
    }
    int[] d = new int[dims.length + 1];
    System.arraycopy(dims, 0, d, 0, a);
    d[a] = dim;
    System.arraycopy(dims, a, d, a + 1, dims.length - a);
    return new Shape(d);
  }

  /** Row-major strides in elements: how far apart two neighbours along each axis lie. */
  public int[] strides() {
    int[] s = new int[dims.length];
    int step = 1;
    for (int i = dims.length - 1; i >= 0; i--) {
      s[i] = step;
      step *= dims[i];
    }
    return s;
  }

  /**
   * The axes as positions counted from the front, ascending; no axes given means all of them.
   *
   * @throws ShapeException when an axis does not exist or is named twice
   */
  public int[] axes(int... axes) {
    if (axes.length == 0) {
      int[] all = new int[dims.length];
      Arrays.setAll(all, i -> i);
      return all;
    }
    int[] sorted = Arrays.stream(axes).map(this::axis).sorted().toArray();
    for (int i = 1; i < sorted.length; i++) {
      if (sorted[i] == sorted[i - 1]) {
        throw Checks.shape(
            "shape",
            "axes must differ",
            Arrays.toString(axes) + " of " + this,
            "name each axis once");
      }
    }
    return sorted;
  }

  /** Whether a tensor of this shape may be read as one of shape {@code to} by NumPy's rules. */
  public boolean broadcastsTo(Shape to) {
    if (dims.length > to.dims.length) {
      return false;
    }
    for (int i = 1; i <= dims.length; i++) {
      int d = dims[dims.length - i];
      if (d != 1 && d != to.dims[to.dims.length - i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * The common shape of two operands: axes are aligned at the end and a size of 1 stretches (NumPy
   * broadcasting).
   *
   * @throws ShapeException when two aligned sizes differ and neither is 1; {@code op} names the
   *     culprit
   */
  public static Shape broadcast(String op, Shape a, Shape b) {
    if (a.equals(b)) {
      return a;
    }
    int rank = Math.max(a.rank(), b.rank());
    int[] d = new int[rank];
    for (int i = 1; i <= rank; i++) {
      int p = i <= a.rank() ? a.dims[a.rank() - i] : 1;
      int q = i <= b.rank() ? b.dims[b.rank() - i] : 1;
      if (p != q && p != 1 && q != 1) {
        throw Checks.shape(
            op,
            "shapes must be equal or broadcast",
            "a: " + a + ", b: " + b + " (" + p + " ≠ " + q + " at axis " + -i + ")",
            "reshape one of them or insert axes of size 1");
      }
      d[rank - i] = p == 1 ? q : p;
    }
    return new Shape(d);
  }

  @Override
  public boolean equals(Object other) {
    return other == this || (other instanceof Shape s && Arrays.equals(dims, s.dims));
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  /** The sizes in brackets, such as {@code [2, 3]}. */
  @Override
  public String toString() {
    return Arrays.stream(dims)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
