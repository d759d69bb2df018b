package org.kotangent.ops.internal;

import java.util.Arrays;
import org.kotangent.ad.Parallel;
import org.kotangent.ad.Reduction;
import org.kotangent.ad.Shape;

/**
 * An array cut along some axes: slice s holds the numbers at {@code start(s) + offsets[i]}, and
 * slices are in the order of the axes that are left.
 */
public final class Slices {
  private static final int GRAIN = 1 << 12;

  private final Reduction walk;
  private final int count;
  private final int[] offsets;

  private Slices(Reduction walk, int count, int[] offsets) {
    this.walk = walk;
    this.count = count;
    this.offsets = offsets;
  }

  /** The slices of an array along the given axes, ascending and counted from 0. */
  public static Slices along(Shape shape, int... axes) {
    Reduction walk = Reduction.over(shape, axes);
    if (shape.size() == 0) {
      return new Slices(walk, 0, new int[0]);
    }
    int run = walk.innermost() ? walk.run() : 1;
    int[] offsets = new int[walk.innerCount() * run];
    Arrays.setAll(offsets, i -> walk.inner(i / run) + i % run);
    return new Slices(walk, shape.size() / offsets.length, offsets);
  }

  /** Numbers of one slice. */
  int length() {
    return offsets.length;
  }

  int start(int slice) {
    return walk.innermost()
        ? walk.outer(slice)
        : walk.outer(slice / walk.run()) + slice % walk.run();
  }

  int[] offsets() {
    return offsets;
  }

  /** Works on the slices in chunks. */
  void forEach(Parallel.Chunk chunk) {
    Parallel.forEach(count, Math.max(1, GRAIN / Math.max(1, offsets.length)), chunk);
  }
}
