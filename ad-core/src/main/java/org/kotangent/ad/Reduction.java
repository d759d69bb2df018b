package org.kotangent.ad;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How a reduction over some axes walks a row-major array: neighbouring axes of the same kind are
 * merged, so that kept and reduced axes alternate. Results are laid out in the order of the kept
 * axes.
 */
public final class Reduction {
  private final int[] dims;
  private final boolean[] reduced;

  private Reduction(int[] dims, boolean[] reduced) {
    this.dims = dims;
    this.reduced = reduced;
  }

  /**
   * The walk over {@code shape} that reduces the given axes, which are ascending and counted from
   * 0.
   */
  public static Reduction over(Shape shape, int... axes) {
    List<Integer> dims = new ArrayList<>();
    List<Boolean> kinds = new ArrayList<>();
    for (int i = 0; i < shape.rank(); i++) {
      boolean kind = Arrays.binarySearch(axes, i) >= 0;
      int last = dims.size() - 1;
      if (last >= 0 && kinds.get(last) == kind) {
        dims.set(last, dims.get(last) * shape.dim(i));
      } else {
        dims.add(shape.dim(i));
        kinds.add(kind);
      }
    }
    boolean[] reduced = new boolean[kinds.size()];
    for (int i = 0; i < reduced.length; i++) {
      reduced[i] = kinds.get(i);
    }
    return new Reduction(dims.stream().mapToInt(i -> i).toArray(), reduced);
  }

  /** The shape with the given axes of size 1. */
  public static Shape kept(Shape shape, int... axes) {
    int[] d = shape.toArray();
    for (int a : axes) {
      d[a] = 1;
    }
    return Shape.of(d);
  }

  /** The shape without the given axes. */
  public static Shape dropped(Shape shape, int... axes) {
    int[] d = new int[shape.rank() - axes.length];
    for (int i = 0, j = 0; i < shape.rank(); i++) {
      if (Arrays.binarySearch(axes, i) < 0) {
        d[j++] = shape.dim(i);
      }
    }
    return Shape.of(d);
  }

  /** Whether the innermost axis is reduced, so that each result gathers contiguous runs. */
  public boolean innermost() {
    return reduced.length > 0 && reduced[reduced.length - 1];
  }

  /** Length of the contiguous run along the innermost axis. */
  public int run() {
    return dims.length == 0 ? 1 : dims[dims.length - 1];
  }

  /** Where the run of each combination of kept outer axes starts, in the order of the results. */
  public int[] outer() {
    return offsets(false);
  }

  /** How far from there the runs of each combination of reduced outer axes lie. */
  public int[] inner() {
    return offsets(true);
  }

  private int[] offsets(boolean kind) {
    int[] result = {0};
    int stride = 1;
    int[] strides = new int[dims.length];
    for (int i = dims.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= dims[i];
    }
    for (int i = 0; i < dims.length - 1; i++) {
      if (reduced[i] == kind) {
        int[] next = new int[result.length * dims[i]];
        for (int k = 0; k < next.length; k++) {
          next[k] = result[k / dims[i]] + k % dims[i] * strides[i];
        }
        result = next;
      }
    }
    return result;
  }
}
