package org.kotangent.ops;

import org.kotangent.ad.Arr;
import org.kotangent.ad.DType;
import org.kotangent.ad.Spec;

/** Positions along an axis that are given as a tensor; negative ones count from the end. */
final class Indices {
  private Indices() {}

  static void requireType(String op, Spec indices) {
    if (indices.dtype() != DType.I32) {
      throw Checks.dtype(
          op, "indices must be of type i32", "indices: " + indices, "convert with to(DType.I32)");
    }
  }

  /** One index as a position from the front; {@code what} names the axis in the message. */
  static int resolve(String op, int index, int size, String what) {
    int position = index < 0 ? index + size : index;
    if (position < 0 || position >= size) {
      throw Checks.domain(
          op,
          "an index must lie in [" + -size + ", " + size + "), the size of " + what,
          Integer.toString(index),
          "correct the index");
    }
    return position;
  }

  /** All indices as positions from the front. */
  static int[] resolve(String op, Arr indices, int size, int axis) {
    int[] given = indices.i32();
    int[] positions = new int[indices.size()];
    for (int k = 0; k < positions.length; k++) {
      int position = given[k] < 0 ? given[k] + size : given[k];
      if (position < 0 || position >= size) {
        throw Checks.domain(
            op,
            "an index must lie in [" + -size + ", " + size + "), the size of axis " + axis,
            given[k] + " at position " + k + " of indices: " + indices.spec(),
            "correct the indices");
      }
      positions[k] = position;
    }
    return positions;
  }
}
