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
    int pairs = Math.ceilDiv(s.terms(), DotTile.COLUMNS);
    int bands = Math.min(pairs, Math.clamp(work / WORK, 1, MOST_PIECES));
    Parallel.forEach(
        groups * bands,
        1,
        (from, to) -> {
          for (int piece = from; piece < to; piece++) {
            int band = piece % bands;
            int first = band * pairs / bands * DotTile.COLUMNS;
            int last = Math.min(s.terms(), (band + 1) * pairs / bands * DotTile.COLUMNS);
            terms(piece / bands, first, last);
          }
        });
  }

  /** Computes terms [first, last) of the filters of a group. */
  private void terms(int g, int first, int last) {
    int tiles = Math.ceilDiv(s.filtersPerGroup(), DotTile.ROWS);
    int pairs = Math.ceilDiv(last - first, DotTile.COLUMNS);
    int each = DotTile.ROWS * DotTile.COLUMNS * numbers.lanes();
    int rests = tiles * pairs * each;
    A sums = numbers.scratch(Purpose.SUMS, 2 * rests);
    numbers.erase(sums, 0, 2 * rests);
    DotTile tile = numbers.dots();
    int[] rows = new int[DotTile.ROWS];
    int[] restsOfRows = new int[DotTile.ROWS];
    int[] columns = new int[DotTile.COLUMNS];
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
      int sum = 0;
      for (int t = 0; t < tiles; t++) {
        fill(rows, at.planes, t * DotTile.ROWS, s.filtersPerGroup(), to);
        fill(restsOfRows, at.planesOfRests, t * DotTile.ROWS, s.filtersPerGroup(), 0);
        for (int k = first; k < last; k += DotTile.COLUMNS, sum += each) {
          fill(columns, at.taps, k, last, from);
          tile.run(
              count * at.wholesIn.length,
              gy,
              rows,
              at.allWholesOut,
              source,
              columns,
              at.allWholesIn,
              sums,
              sum);
          if (at.segments.rest() > 0) {
            tile.run(
                count * at.restsIn.length,
                gradients,
                restsOfRows,
                at.allRestsOut,
                source,
                columns,
                at.allRestsIn,
                sums,
                rests + sum);
          }
        }
      }
    }
    addLanes(g, first, last, sums, rests);
  }

  /** The places from {@code first} on, the last one before {@code end} as often as needed. */
  private static void fill(int[] places, int[] table, int first, int end, int start) {
    for (int i = 0; i < places.length; i++) {
      places[i] = start + table[Math.min(first + i, end - 1)];
    }
  }

  private void addLanes(int g, int first, int last, A sums, int rests) {
    int filters = s.filtersPerGroup();
    int lanes = numbers.lanes();
    int sum = 0;
    for (int tile = 0; tile < filters; tile += DotTile.ROWS) {
      for (int pair = first; pair < last; pair += DotTile.COLUMNS) {
        for (int f = tile; f < tile + DotTile.ROWS; f++) {
          for (int k = pair; k < pair + DotTile.COLUMNS; k++, sum += lanes) {
            if (f < filters && k < last) {
              double total =
                  numbers.sum(sums, sum, lanes)
                      + numbers.sum(sums, rests + sum, at.segments.rest());
              numbers.set(gw, (g * filters + f) * s.terms() + k, total);
            }
          }
        }
      }
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
