package org.kotangent.ops.internal;

import java.util.Arrays;
import org.kotangent.ad.Parallel;
import org.kotangent.ad.Reduction;
import org.kotangent.ad.Shape;

/**
 * An array cut along some axes: slice s holds the numbers at {@code starts[s] + offsets[i]}, and
 * slices are in the order of the axes that are left.
 */
public final class Slices {
  private static final int GRAIN = 1 << 12;

  private final int[] starts;
  private final int[] offsets;

  private Slices(int[] starts, int[] offsets) {
    this.starts = starts;
    this.offsets = offsets;
  }

  /** The slices of an array along the given axes, ascending and counted from 0. */
  public static Slices along(Shape shape, int... axes) {
    if (shape.size() == 0) {
      return new Slices(new int[0], new int[0]);
    }
    Reduction walk = Reduction.over(shape, axes);
    int[] run = new int[walk.run()];
    Arrays.setAll(run, i -> i);
    return walk.innermost()
        ? new Slices(walk.outer(), sums(walk.inner(), run))
        : new Slices(sums(walk.outer(), run), walk.inner());
  }

  private static int[] sums(int[] a, int[] b) {
    int[] sums = new int[a.length * b.length];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = a[i / b.length] + b[i % b.length];
    }
    return sums;
  }

  /** Numbers of one slice. */
  int length() {
    return offsets.length;
  }

  int start(int slice) {
    return starts[slice];
  }

  int[] offsets() {
    return offsets;
  }

  /** Works on the slices in chunks. */
  void forEach(Parallel.Chunk chunk) {
    Parallel.forEach(starts.length, Math.max(1, GRAIN / Math.max(1, offsets.length)), chunk);
  }
}
