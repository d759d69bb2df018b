package org.kotangent.ad;

import java.util.Arrays;

/** Copies a smaller operand out to a larger shape, NumPy style. */
final class Broadcasting {
  private Broadcasting() {}

  /**
   * A new buffer of the given shape with the elements of {@code x} repeated along stretched axes.
   */
  static Arr expand(Arr x, Shape shape) {
    Arr out = Arr.allocate(x.spec().withShape(shape));
    expand(x, out);
    return out;
  }

  /** Fills {@code out} with the elements of {@code x} repeated along stretched axes. */
  static void expand(Arr x, Arr out) {
    if (out.size() == 0) {
      return;
    }
    int rank = out.shape().rank();
    int[] from = new int[rank];
    Arrays.fill(from, 1);
    int[] given = x.shape().toArray();
    System.arraycopy(given, 0, from, rank - given.length, given.length);
    int[] to = out.shape().toArray();
    copy(x, out, from, to, 0, 0, 0);
  }

  /** Writes the block of {@code out} that starts at {@code at} and returns its length. */
  private static int copy(Arr x, Arr out, int[] from, int[] to, int axis, int read, int at) {
    int tail = same(from, to, axis);
    if (tail >= 0) {
      System.arraycopy(x.data(), read, out.data(), at, tail);
      return tail;
    }
    if (single(from, axis)) {
      int length = product(to, axis);
      out.fill(at, at + length, x.get(read));
      return length;
    }
    int step = from[axis] == 1 ? 0 : product(from, axis + 1);
    int length = copy(x, out, from, to, axis + 1, read, at);
    for (int i = 1; i < to[axis]; i++) {
      if (step == 0) {
        System.arraycopy(out.data(), at, out.data(), at + i * length, length);
      } else {
        copy(x, out, from, to, axis + 1, read + i * step, at + i * length);
      }
    }
    return to[axis] * length;
  }

  /** The number of elements from {@code axis} on where nothing stretches any more, else −1. */
  private static int same(int[] from, int[] to, int axis) {
    for (int i = axis; i < to.length; i++) {
      if (from[i] != to[i]) {
        return -1;
      }
    }
    return product(to, axis);
  }

  private static boolean single(int[] from, int axis) {
    return product(from, axis) == 1;
  }

  private static int product(int[] dims, int from) {
    int p = 1;
    for (int i = from; i < dims.length; i++) {
      p *= dims[i];
    }
    return p;
  }
}
