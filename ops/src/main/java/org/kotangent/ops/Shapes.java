package org.kotangent.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.kotangent.ad.Core;
import org.kotangent.ad.DType;
import org.kotangent.ad.DTypeException;
import org.kotangent.ad.DomainException;
import org.kotangent.ad.Shape;
import org.kotangent.ad.ShapeException;
import org.kotangent.ad.Spec;
import org.kotangent.ad.Tensor;

/**
 * Moving numbers between shapes: nothing here computes, so every operation is linear and its
 * derivative moves tangents the same way. All take any type.
 *
 * <p>Axes may be counted from the end: −1 is the last. Operations that name an axis throw {@link
 * ShapeException} when it does not exist.
 */
public final class Shapes {
  private Shapes() {}

  // ---- the same numbers in the same order

  /**
   * The same numbers in row-major order with other sizes, one of which may be −1: it is then what
   * the others leave.
   *
   * @throws ShapeException when the number of elements would change
   */
  public static Tensor reshape(Tensor x, int... sizes) {
    return Core.reshape(x, Sizes.resolve(x, sizes));
  }

  /**
   * All axes from {@code startAxis} on made one: [a, b, c, d] with start 1 → [a, b·c·d]. {@code
   * flatten(x, 0)} is vec(x) in row-major order, {@code flatten(transpose(x), 0)} in column-major
   * order.
   */
  public static Tensor flatten(Tensor x, int startAxis) {
    int start = startAxis == x.rank() ? startAxis : x.shape().axis(startAxis);
    int[] dims = Arrays.copyOf(x.shape().toArray(), start + 1);
    dims[start] = IntStream.range(start, x.rank()).map(x::dim).reduce(1, (a, b) -> a * b);
    return Core.reshape(x, Shape.of(dims));
  }

  /**
   * A new axis of size 1 before position {@code axis}; −1 appends. [a, b] with axis 1 → [a, 1, b].
   */
  public static Tensor expandDims(Tensor x, int axis) {
    return Core.reshape(x, x.shape().insert(axis, 1));
  }

  /**
   * Without the given axes, which must be of size 1; with none given, without all that are. [a, 1,
   * b, 1] → [a, b].
   *
   * @throws ShapeException when a given axis is not of size 1
   */
  public static Tensor squeeze(Tensor x, int... axes) {
    return Core.reshape(x, Sizes.squeezed(x, axes));
  }

  // ---- the same numbers in another order

  /**
   * Axes in another order, or reversed when none is given: axis i of the result is axis {@code
   * order[i]} of x. [a, b, c] with order 2, 0, 1 → [c, a, b].
   *
   * @throws ShapeException when the order does not name every axis once
   */
  public static Tensor transpose(Tensor x, int... order) {
    int last = x.rank() - 1;
    int[] from =
        order.length == 0
            ? IntStream.rangeClosed(0, last).map(i -> last - i).toArray()
            : Arrays.stream(order).map(x.shape()::axis).toArray();
    return Core.transpose(x, from);
  }

  /** Two axes exchanged. */
  public static Tensor swapAxes(Tensor x, int a, int b) {
    int[] order = IntStream.range(0, x.rank()).toArray();
    order[x.shape().axis(a)] = x.shape().axis(b);
    order[x.shape().axis(b)] = x.shape().axis(a);
    return Core.transpose(x, order);
  }

  /** Reversed along the given axes, or along all when none is given. */
  public static Tensor flip(Tensor x, int... axes) {
    return new Slice(Region.reversed(x.shape(), x.shape().axes(axes))).apply(x);
  }

  // ---- parts

  /**
   * Along each leading axis, the elements from a start (inclusive) to an end (exclusive), a step
   * apart; further axes are whole. Negative positions count from the end, what lies outside is cut
   * off, and a negative step walks backwards, as in NumPy and ONNX; {@link Integer#MIN_VALUE} ends
   * a backward walk at the front.
   *
   * @throws ShapeException when there are not as many starts, ends and steps, or more than axes
   * @throws DomainException when a step is 0
   */
  public static Tensor slice(Tensor x, int[] starts, int[] ends, int[] steps) {
    return new Slice(Region.of(x.shape(), starts, ends, steps)).apply(x);
  }

  /** The elements from start (inclusive) to end (exclusive) along one axis; see the other slice. */
  public static Tensor slice(Tensor x, int start, int end, int axis) {
    return new Slice(Region.of(x.shape(), start, end, x.shape().axis(axis))).apply(x);
  }

  /**
   * What lies at one index along an axis, which is dropped; a negative index counts from the end.
   * [a, b, c] with axis 1 → [a, c].
   *
   * @throws DomainException when the index does not exist
   */
  public static Tensor at(Tensor x, int index, int axis) {
    int a = x.shape().axis(axis);
    int start = Indices.resolve("at", index, x.dim(a), "axis " + a + " of " + x.shape());
    Tensor part = new Slice(Region.along(x.shape(), a, start, 1)).apply(x);
    return Core.reshape(part, x.shape().drop(a));
  }

  /**
   * Consecutive parts of the given sizes along an axis; {@link #concat} puts them together again.
   *
   * @throws ShapeException when the sizes do not add up to that of the axis
   */
  public static List<Tensor> split(Tensor x, int[] sizes, int axis) {
    int a = x.shape().axis(axis);
    Sizes.requireSum(x, sizes, a);
    List<Tensor> parts = new ArrayList<>();
    int at = 0;
    for (int size : sizes) {
      parts.add(new Slice(Region.along(x.shape(), a, at, size)).apply(x));
      at += size;
    }
    return List.copyOf(parts);
  }

  /**
   * What lies at the given indices along an axis; the axes of the indices take its place. [a, n, b]
   * at indices [i, j] along axis 1 → [a, i, j, b]. Negative indices count from the end. Its adjoint
   * is {@link #scatterAdd}.
   *
   * @throws DTypeException when the indices are not of type I32
   * @throws DomainException when an index does not exist
   */
  public static Tensor gather(Tensor x, Tensor indices, int axis) {
    return new Gather(x.shape().axis(axis)).apply(x, indices);
  }

  /**
   * Zeros of the given size along an axis, with updates added at the given indices, those that meet
   * in the order of the indices. [a, i, j, b] at indices [i, j] along axis 1 → [a, size, b]. Its
   * adjoint is {@link #gather}.
   *
   * @throws ShapeException when the updates do not have the axes of the indices at that place
   * @throws DTypeException when the indices are not of type I32 or the updates are of type BOOL
   * @throws DomainException when an index does not exist
   */
  public static Tensor scatterAdd(Tensor updates, Tensor indices, int size, int axis) {
    int rank = updates.rank() - indices.rank() + 1;
    return new ScatterAdd(Sizes.axis(axis, rank, updates, indices), size).apply(updates, indices);
  }

  // ---- together and larger

  /**
   * Tensors one after another along an axis. [a, m], [a, n] along axis 1 → [a, m+n].
   *
   * @throws ShapeException when they differ in another axis, or there are none
   * @throws DTypeException when they differ in type
   */
  public static Tensor concat(List<Tensor> parts, int axis) {
    Sizes.requireSome("concat", parts);
    Concat concat = new Concat(parts.getFirst().shape().axis(axis));
    return concat.apply(parts.toArray(Tensor[]::new));
  }

  /**
   * Tensors of one shape side by side along a new axis. n of [a, b] along axis 0 → [n, a, b].
   *
   * @throws ShapeException when they differ in shape, or there are none
   * @throws DTypeException when they differ in type
   */
  public static Tensor stack(List<Tensor> parts, int axis) {
    Sizes.requireSome("stack", parts);
    Shape shape = parts.getFirst().shape();
    for (Tensor part : parts) {
      if (!part.shape().equals(shape)) {
        throw Checks.shape(
            "stack",
            "shapes must be equal",
            shape + " and " + part.shape(),
            "reshape, slice or pad one of them");
      }
    }
    int a = axis < 0 ? axis + shape.rank() + 1 : axis;
    return concat(parts.stream().map(part -> expandDims(part, a)).toList(), a);
  }

  /**
   * x repeated along stretched axes until it has the given sizes. [a, 1] to 2, a, b → [2, a, b].
   *
   * @throws ShapeException when x does not broadcast to them
   */
  public static Tensor broadcastTo(Tensor x, int... sizes) {
    return Core.broadcastTo(x, Shape.of(sizes));
  }

  /**
   * x as a whole repeated a number of times along each axis. [a, b] with 2, 3 → [2·a, 3·b].
   *
   * @throws ShapeException when there is not a number ≥ 0 for each axis
   */
  public static Tensor tile(Tensor x, int... times) {
    return Sizes.tiled(x, times, 0);
  }

  /**
   * Each slice of x repeated a number of times along an axis. 1, 2 twice → 1, 1, 2, 2.
   *
   * @throws ShapeException when the number is negative
   */
  public static Tensor repeat(Tensor x, int times, int axis) {
    int[] all = new int[x.rank()];
    Arrays.fill(all, 1);
    all[x.shape().axis(axis)] = times;
    return Sizes.tiled(x, all, 1);
  }

  /**
   * A margin of one number around x, of the given widths before and after it along each axis. [a,
   * b] with before 1, 0 and after 1, 2 → [a+2, b+2].
   *
   * @throws ShapeException when there is not a width ≥ 0 for each axis
   */
  public static Tensor pad(Tensor x, int[] before, int[] after, double number) {
    Shape padded = Sizes.padded(x, before, after);
    Place place = new Place(Region.block(before, x.shape()), padded);
    Tensor placed = place.apply(x);
    if (number == 0) {
      return placed;
    }
    Tensor inside = place.apply(Tensor.full(new Spec(DType.BOOL, x.shape()), 1));
    return Core.select(inside, placed, x.like(number));
  }

  /**
   * A margin that repeats the nearest element of x, of the given widths before and after it along
   * each axis.
   *
   * @throws ShapeException when there is not a width ≥ 0 for each axis, or an axis to be padded is
   *     empty
   */
  public static Tensor padEdge(Tensor x, int[] before, int[] after) {
    Shape padded = Sizes.padded(x, before, after);
    Tensor y = x;
    for (int a = 0; a < x.rank(); a++) {
      if (padded.dim(a) != x.dim(a)) {
        y = gather(y, Sizes.nearest(x, a, before[a], padded.dim(a)), a);
      }
    }
    return y;
  }
}
