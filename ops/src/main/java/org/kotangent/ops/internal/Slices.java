package org.kotangent.ops.internal;

import java.util.Arrays;
import org.kotangent.ad.Arr;
import org.kotangent.ad.Parallel;
import org.kotangent.ad.Reduction;
import org.kotangent.ad.Shape;

/**
 * An array cut along some axes; slices are in the order of the axes that are left. Dense ones are
 * runs of neighbours, the next slice right behind the last.
 */
public final class Slices {
  private static final int GRAIN = 1 << 12;

  private final Reduction walk;
  private final int count;
  private final int length;

  /** Where the numbers of a slice are from its start; none where slices are dense. */
  private final int[] offsets;

  private Slices(Reduction walk, int count, int length, int[] offsets) {
    this.walk = walk;
    this.count = count;
    this.length = length;
    this.offsets = offsets;
  }

  /** The slices of an array along the given axes, ascending and counted from 0. */
  public static Slices along(Shape shape, int... axes) {
    Reduction walk = Reduction.over(shape, axes);
    if (shape.size() == 0) {
      return new Slices(walk, 0, 0, new int[0]);
    }
    int run = walk.innermost() ? walk.run() : 1;
    int length = walk.innerCount() * run;
    int[] offsets = new int[walk.innermost() && length == run ? 0 : length];
    Arrays.setAll(offsets, i -> walk.inner(i / run) + i % run);
    return new Slices(walk, shape.size() / length, length, offsets);
  }

  /** Numbers of one slice. */
  int length() {
    return length;
  }

  /** Where number i of a slice is in the array. */
  int at(int slice, int i) {
    return start(slice) + (isDense() ? i : offsets[i]);
  }

  private int start(int slice) {
    return walk.innermost()
        ? walk.outer(slice)
        : walk.outer(slice / walk.run()) + slice % walk.run();
  }

  private boolean isDense() {
    return offsets.length == 0;
  }

  /** Reads some slices into rows. */
  void read(Arr x, int slice, int rows, double[] to) {
    if (isDense()) {
      Wide.read(x, start(slice), 1, to, rows * length);
      return;
    }
    for (int r = 0; r < rows; r++) {
      Wide.gather(x, start(slice + r), offsets, to, r * length);
    }
  }

  /** Writes rows to some slices, rounded. */
  void write(double[] from, Arr y, int slice, int rows) {
    if (isDense()) {
      Wide.write(from, y, start(slice), 1, rows * length);
      return;
    }
    for (int r = 0; r < rows; r++) {
      Wide.scatter(from, r * length, y, start(slice + r), offsets);
    }
  }

  /** Works on the slices in chunks. */
  void forEach(Parallel.Chunk chunk) {
    Parallel.forEach(count, Math.max(1, GRAIN / Math.max(1, length)), chunk);
  }
}
