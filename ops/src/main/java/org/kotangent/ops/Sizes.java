package org.kotangent.ops;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.kotangent.ad.Core;
import org.kotangent.ad.Shape;
import org.kotangent.ad.Tensor;

/** The sizes that the operations of {@link Shapes} lead to, and what they require of sizes. */
final class Sizes {
  private Sizes() {}

  /** The shape of the given sizes, of which one may be −1 for what the others leave. */
  static Shape resolve(Tensor x, int[] sizes) {
    int[] dims = sizes.clone();
    int open = -1;
    int known = 1;
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] == -1 && open < 0) {
        open = i;
      } else {
        known *= dims[i];
      }
    }
    if (open >= 0) {
      if (known <= 0 || x.size() % known != 0) {
        throw Checks.shape(
            "reshape",
            "one size may be -1 if the others divide the number of elements",
            "x: " + x.spec() + ", sizes: " + Arrays.toString(sizes),
            "choose sizes whose product divides " + x.size());
      }
      dims[open] = x.size() / known;
    }
    return Shape.of(dims);
  }

  static Shape squeezed(Tensor x, int[] axes) {
    int[] dropped =
        axes.length == 0
            ? IntStream.range(0, x.rank()).filter(a -> x.dim(a) == 1).toArray()
            : x.shape().axes(axes);
    for (int a : dropped) {
      if (x.dim(a) != 1) {
        throw Checks.shape(
            "squeeze",
            "axes must be of size 1",
            "axis " + a + " of x: " + x.spec(),
            "reshape, or reduce over the axis");
      }
    }
    return Shape.of(
        IntStream.range(0, x.rank())
            .filter(a -> Arrays.binarySearch(dropped, a) < 0)
            .map(x::dim)
            .toArray());
  }

  static void requireSum(Tensor x, int[] sizes, int axis) {
    if (Arrays.stream(sizes).anyMatch(s -> s < 0) || Arrays.stream(sizes).sum() != x.dim(axis)) {
      throw Checks.shape(
          "split",
          "sizes must add up to that of axis " + axis,
          "x: " + x.spec() + ", sizes: " + Arrays.toString(sizes),
          "give sizes ≥ 0 whose sum is " + x.dim(axis));
    }
  }

  static void requireSome(String op, List<Tensor> parts) {
    if (parts.isEmpty()) {
      throw Checks.shape(op, "needs at least one tensor", "none", "give some");
    }
  }

  /** The axis of a scatter counted from the front of its result, which has the given rank. */
  static int axis(int axis, int rank, Tensor updates, Tensor indices) {
    int a = axis < 0 ? axis + rank : axis;
    if (a < 0 || a >= rank) {
      throw Checks.shape(
          "scatterAdd",
          "the updates must have the axes of the indices from the axis on",
          "updates: " + updates.spec() + ", indices: " + indices.spec() + ", axis: " + axis,
          "give an axis of the result");
    }
    return a;
  }

  static Shape padded(Tensor x, int[] before, int[] after) {
    if (before.length != x.rank()
        || after.length != x.rank()
        || IntStream.concat(Arrays.stream(before), Arrays.stream(after)).anyMatch(w -> w < 0)) {
      throw Checks.shape(
          "pad",
          "needs a width ≥ 0 before and after for each axis",
          "x: "
              + x.spec()
              + ", before: "
              + Arrays.toString(before)
              + ", after: "
              + Arrays.toString(after),
          "give as many as axes; slice to take away");
    }
    return Shape.of(
        IntStream.range(0, x.rank()).map(a -> before[a] + x.dim(a) + after[a]).toArray());
  }

  /** For each position of a padded axis, the index of the nearest element of x. */
  static Tensor nearest(Tensor x, int axis, int before, int size) {
    int last = x.dim(axis) - 1;
    if (last < 0) {
      throw Checks.shape(
          "padEdge",
          "an axis to be padded must not be empty",
          "axis " + axis + " of x: " + x.spec(),
          "pad with a number");
    }
    return Tensor.of(IntStream.range(0, size).map(i -> Math.clamp(i - before, 0, last)).toArray());
  }

  /**
   * Repeats along each axis: with {@code inside} 0 the whole axis, with 1 each of its elements.
   * Goes through a broadcast along a new axis next to each one.
   */
  static Tensor tiled(Tensor x, int[] times, int inside) {
    int rank = x.rank();
    if (times.length != rank || Arrays.stream(times).anyMatch(t -> t < 0)) {
      throw Checks.shape(
          inside == 0 ? "tile" : "repeat",
          "needs a number ≥ 0 for each axis",
          "x: " + x.spec() + ", times: " + Arrays.toString(times),
          "give as many as axes");
    }
    int[] apart = new int[2 * rank];
    int[] stretched = new int[2 * rank];
    int[] merged = new int[rank];
    for (int a = 0; a < rank; a++) {
      int fresh = 2 * a + inside;
      int old = 2 * a + 1 - inside;
      apart[fresh] = 1;
      apart[old] = x.dim(a);
      stretched[fresh] = times[a];
      stretched[old] = x.dim(a);
      merged[a] = times[a] * x.dim(a);
    }
    Tensor wide = Core.broadcastTo(Core.reshape(x, Shape.of(apart)), Shape.of(stretched));
    return Core.reshape(wide, Shape.of(merged));
  }
}
