package org.kotangent.ops.internal;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.kotangent.ad.Arr;
import org.kotangent.ad.Parallel;
import org.kotangent.ad.internal.Hot;

/**
 * Max pooling of F32 by windows of 2×2 that neither overlap nor leave the image, with the Vector
 * API: as many windows at once as a vector has lanes.
 *
 * <p>Numbers of a block at even and at odd columns are parted; first the two of a row are compared,
 * then the two rows, so that of equal numbers the first stays.
 */
final class VectorPooling {
  private static final int GRAIN = 1 << 17;

  /** At most 256 bits: rows are often too short for more. */
  private static final VectorSpecies<Float> FLOATS =
      FloatVector.SPECIES_PREFERRED.length() > FloatVector.SPECIES_256.length()
          ? FloatVector.SPECIES_256
          : FloatVector.SPECIES_PREFERRED;

  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, FLOATS.vectorShape());
  private static final int LANES = FLOATS.length();
  private static final int HALF = LANES / 2;
  private static final VectorShuffle<Float> EVEN = VectorShuffle.fromOp(FLOATS, i -> 2 * i % LANES);
  private static final VectorShuffle<Float> ODD =
      VectorShuffle.fromOp(FLOATS, i -> 2 * i % LANES + 1);
  private static final VectorMask<Float> UPPER =
      VectorMask.fromLong(FLOATS, (1L << LANES) - (1L << HALF));
  private static final PairBlocks BLOCKS = new PairBlocks(LANES);
  private static final IntVector COLUMNS = IntVector.zero(INTS).addIndex(2);

  private VectorPooling() {}

  /** Whether it is for such windows. */
  static boolean isFor(PoolShape s, Arr x) {
    return BLOCKS.isFor(s, x);
  }

  /** Operations on vectors for a block of windows. */
  private static final int OPERATIONS = 40;

  private static final Hot HOT =
      new Hot(() ->
          new Hot.Exercise(
              OPERATIONS,
              turns -> {
                float[] x = new float[2 * LANES];
                max(
                    new int[PairBlocks.PLACES * turns],
                    x,
                    0,
                    LANES,
                    new float[LANES],
                    new int[LANES],
                    0);
              }));

  /** Whether it is optimised; {@link Pooling} gives the same until then. */
  static boolean isHot() {
    return HOT.is();
  }

  /** As {@link Pooling#max}. */
  static void max(PoolShape s, float[] x, float[] y, int[] index) {
    int[] blocks = BLOCKS.of(s);
    int width = s.width().in();
    int windows = s.windows();
    Parallel.forEach(
        s.planes(),
        Math.max(1, GRAIN / s.plane()),
        (first, last) -> {
          for (int plane = first; plane < last; plane++) {
            max(blocks, x, plane * s.plane(), width, y, index, plane * windows);
          }
        });
  }

  private static void max(
      int[] blocks, float[] x, int plane, int width, float[] y, int[] index, int to) {
    for (int b = 0; b < blocks.length; b += PairBlocks.PLACES) {
      int first = blocks[b + PairBlocks.FIRST];
      int second = blocks[b + PairBlocks.SECOND];
      max(x, plane, first, second, width, y, index, to + blocks[b + PairBlocks.RESULT]);
    }
  }

  private static void max(
      float[] x, int plane, int first, int second, int width, float[] y, int[] index, int to) {
    IntVector start =
        IntVector.broadcast(INTS, first).blend(second - LANES, UPPER.cast(INTS)).add(COLUMNS);
    FloatVector low = FloatVector.fromArray(FLOATS, x, plane + first);
    FloatVector high = FloatVector.fromArray(FLOATS, x, plane + second);
    FloatVector a = parted(low, high, EVEN);
    FloatVector b = parted(low, high, ODD);
    low = FloatVector.fromArray(FLOATS, x, plane + first + width);
    high = FloatVector.fromArray(FLOATS, x, plane + second + width);
    FloatVector c = parted(low, high, EVEN);
    FloatVector d = parted(low, high, ODD);
    VectorMask<Float> stay = stays(a, b);
    FloatVector top = b.blend(a, stay);
    IntVector topIndex = start.add(1).blend(start, stay.cast(INTS));
    stay = stays(c, d);
    FloatVector bottom = d.blend(c, stay);
    IntVector bottomIndex = start.add(width + 1).blend(start.add(width), stay.cast(INTS));
    stay = stays(top, bottom);
    bottom.blend(top, stay).intoArray(y, to);
    bottomIndex.blend(topIndex, stay.cast(INTS)).intoArray(index, to);
  }

  private static FloatVector parted(FloatVector low, FloatVector high, VectorShuffle<Float> which) {
    return low.rearrange(which).blend(high.rearrange(which), UPPER);
  }

  /** Where a is the maximum of the two in this order: not the smaller one, or NaN. */
  private static VectorMask<Float> stays(FloatVector a, FloatVector b) {
    return a.compare(VectorOperators.GE, b).or(a.compare(VectorOperators.NE, a));
  }
}
