package org.kotangent.ops.internal;

import org.kotangent.ad.Parallel;
import org.kotangent.ops.internal.Numbers.Purpose;

/**
 * The gradient of a convolution's weights: a tile multiplies the output gradients of a few filters
 * with what a few taps look at, vector by vector. Threads share the weights, not the images.
 *
 * <p>Each weight has one partial sum for each lane, over images and positions in order, product and
 * addition rounded once; the lanes are added at the end. The rests of rows are summed by
 * themselves.
 */
final class VectorWeightGradient<A> {
  static final int ROWS = 5;
  private static final int COLUMNS = 2;
  private static final int MOST_PIECES = 16;

  /** Multiplications and additions of a piece of work. */
  private static final long WORK = 4_000_000;

  private final Geometry<A> at;
  private final ConvShape s;
  private final Numbers<A> numbers;
  private final A x;
  private final A gy;
  private final A gw;

  private VectorWeightGradient(ConvShape s, A x, A gy, A gw) {
    this.s = s;
    this.numbers = Numbers.of(gw);
    this.at = Geometry.of(s, numbers);
    this.x = x;
    this.gy = gy;
    this.gw = gw;
  }

  /** Writes the gradient of the weights, w̄, from that of the output. */
  static <A> void weightGradient(ConvShape s, A x, A gy, A gw) {
    new VectorWeightGradient<>(s, x, gy, gw).run();
  }

  private void run() {
    int groups = s.groups();
    long work = s.work() * s.images();
    int pairs = Math.ceilDiv(s.terms(), COLUMNS);
    int bands = Math.min(pairs, Math.clamp(work / WORK, 1, MOST_PIECES));
    Parallel.forEach(
        groups * bands,
        1,
        (from, to) -> {
          for (int piece = from; piece < to; piece++) {
            int band = piece % bands;
            int first = band * pairs / bands * COLUMNS;
            int last = Math.min(s.terms(), (band + 1) * pairs / bands * COLUMNS);
            terms(piece / bands, first, last);
          }
        });
  }

  /** Computes terms [first, last) of the filters of a group. */
  private void terms(int g, int first, int last) {
    int filters = s.filtersPerGroup();
    int rests = filters * (last - first) * numbers.lanes();
    A sums = numbers.scratch(Purpose.SUMS, 2 * rests);
    numbers.erase(sums, 0, 2 * rests);
    for (int image = 0; image < s.images(); image += at.together) {
      int count = Math.min(at.together, s.images() - image);
      A source = x;
      int from = s.inputAt(image, g, 0);
      if (!at.readsImages()) {
        source = rasters(image, count, g);
        from = 0;
      }
      A gradients = at.segments.rest() > 0 ? restsOfGradients(image, count, g) : gy;
      int to = s.outputAt(image, g, 0);
      for (int f = 0; f < filters; ) {
        int rows = evenly(filters - f, ROWS);
        for (int k = first; k < last; ) {
          int columns = Math.min(COLUMNS, last - k);
          int sum = (f * (last - first) + rows * (k - first)) * numbers.lanes();
          DotTile tile = numbers.dots(rows, columns);
          tile.run(
              count * at.wholesIn.length,
              gy,
              to,
              at.planes,
              f,
              at.allWholesOut,
              source,
              from,
              at.taps,
              k,
              at.allWholesIn,
              sums,
              sum);
          if (at.segments.rest() > 0) {
            tile.run(
                count * at.restsIn.length,
                gradients,
                0,
                at.planesOfRests,
                f,
                at.allRestsOut,
                source,
                from,
                at.taps,
                k,
                at.allRestsIn,
                sums,
                rests + sum);
          }
          k += columns;
        }
        f += rows;
      }
    }
    addLanes(g, first, last, sums, rests);
  }

  private static int evenly(int remaining, int most) {
    return Math.ceilDiv(remaining, Math.ceilDiv(remaining, most));
  }

  private void addLanes(int g, int first, int last, A sums, int rests) {
    int filters = s.filtersPerGroup();
    int lanes = numbers.lanes();
    int sum = 0;
    for (int f = 0; f < filters; ) {
      int rows = evenly(filters - f, ROWS);
      for (int k = first; k < last; ) {
        int columns = Math.min(COLUMNS, last - k);
        for (int r = 0; r < rows; r++) {
          for (int t = 0; t < columns; t++, sum += lanes) {
            double total =
                numbers.sum(sums, sum, lanes) + numbers.sum(sums, rests + sum, at.segments.rest());
            numbers.set(gw, (g * filters + f + r) * s.terms() + k + t, total);
          }
        }
        k += columns;
      }
      f += rows;
    }
  }

  private A rasters(int image, int count, int g) {
    int size = at.raster.size();
    A rasters = numbers.scratch(Purpose.IMAGE, count * size + numbers.lanes());
    for (int i = 0; i < count; i++) {
      at.raster.fill(numbers, x, s.inputAt(image + i, g, 0), rasters, i * size);
    }
    return rasters;
  }

  /** The rests of the rows of some images, each as a vector whose further lanes are not used. */
  private A restsOfGradients(int image, int count, int g) {
    int size = s.height().out() * numbers.lanes();
    int filters = s.filtersPerGroup();
    A rests = numbers.scratch(Purpose.GRADIENT, count * filters * size);
    for (int i = 0; i < count; i++) {
      for (int f = 0; f < filters; f++) {
        numbers.copy(
            at.restsOf(gy, s.outputAt(image + i, g, f)),
            Matrix.rowMajor(rests, (i * filters + f) * size, numbers.lanes()),
            s.height().out(),
            at.segments.rest());
      }
    }
    return rests;
  }
}
