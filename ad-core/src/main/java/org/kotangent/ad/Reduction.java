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

  /** Size of the axis around the innermost one: how many runs lie side by side. */
  int width() {
    return dims.length < 2 ? 1 : dims[dims.length - 2];
  }

  /**
   * How many numbers lie in memory as they are visited: along the run, for each of the runs side by
   * side, and for each combination of other axes if that is {@link #isStraight}.
   */
  int stretch() {
    return isStraight() ? product(0) : product(dims.length - 2);
  }

  private int product(int from) {
    int product = 1;
    for (int i = from; i < dims.length; i++) {
      product *= dims[i];
    }
    return product;
  }

  /**
   * Whether all numbers lie in memory as they are visited: for each combination of kept outer axes,
   * each of reduced ones, and along the run.
   */
  boolean isStraight() {
    return dims.length <= (innermost() ? 2 : 3);
  }

  /** How many combinations of kept outer axes there are. */
  public int outerCount() {
    return count(false);
  }

  /** How many combinations of reduced outer axes there are. */
  public int innerCount() {
    return count(true);
  }

  private int count(boolean kind) {
    int count = 1;
    for (int i = 0; i < dims.length - 1; i++) {
      count *= reduced[i] == kind ? dims[i] : 1;
    }
    return count;
  }

  /** Where the run of combination k of kept outer axes starts; in the order of the results. */
  public int outer(int k) {
    return offset(false, k);
  }

  /** How far from there the run of combination k of reduced outer axes lies. */
  public int inner(int k) {
    return offset(true, k);
  }

  private int offset(boolean kind, int k) {
    int offset = 0;
    int stride = run();
    int rest = k;
    for (int i = dims.length - 2; i >= 0; i--) {
      if (reduced[i] == kind) {
        offset += rest % dims[i] * stride;
        rest /= dims[i];
      }
      stride *= dims[i];
    }
    return offset;
  }
}
