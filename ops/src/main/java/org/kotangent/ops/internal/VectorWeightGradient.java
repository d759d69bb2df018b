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
    int bands = Math.min(pairs, Math.min(Parallel.threads(), Work.pieces(work)));
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
    int rests = tiles * pairs * each();
    A sums = numbers.scratch(Purpose.SUMS, 2 * rests);
    numbers.erase(sums, 0, at.segments.rest() > 0 ? 2 * rests : rests);
    for (int image = 0; image < s.images(); image += at.together) {
      addImages(g, image, Math.min(at.together, s.images() - image), first, last, sums, rests);
    }
    addLanes(g, first, last, sums, rests);
  }

  /** Numbers of the partial sums of a tile. */
  private int each() {
    return DotTile.ROWS * DotTile.COLUMNS * numbers.lanes();
  }

  /** Adds what some images contribute: whole vectors, and the rests of rows by themselves. */
  private void addImages(int g, int image, int count, int first, int last, A sums, int rests) {
    A source = at.readsImages() ? x : rasters(image, count, g);
    int from = at.readsImages() ? s.inputAt(image, g, 0) : 0;
    int tiles = Math.ceilDiv(s.filtersPerGroup(), DotTile.ROWS);
    A gradients = gradients(image, count, g, tiles);
    int size = DotTile.ROWS * numbers.lanes();
    int wholes = count * at.wholesIn.length;
    int uneven = count * at.restsIn.length;
    for (int t = 0, sum = 0;
        t < tiles;
        t++, sum += Math.ceilDiv(last - first, DotTile.COLUMNS) * each()) {
      int a0 = t * (wholes + uneven) * size;
      multiply(wholes, gradients, a0, source, from, first, last, at.allWholesIn, sums, sum);
      if (uneven > 0) {
        int a1 = a0 + wholes * size;
        multiply(
            uneven, gradients, a1, source, from, first, last, at.allRestsIn, sums, rests + sum);
      }
    }
  }

  /** Runs the tile for some filters and all terms. */
  private void multiply(
      int count, A a, int a0, A source, int from, int first, int last, int[] in, A sums, int sum) {
    DotTile tile = numbers.dots();
    int[] columns = new int[DotTile.COLUMNS];
    for (int k = first, s0 = sum; k < last; k += DotTile.COLUMNS, s0 += each()) {
      for (int j = 0; j < columns.length; j++) {
        columns[j] = from + at.taps[Math.min(k + j, last - 1)];
      }
      tile.run(count, a, a0, source, columns, in, sums, s0);
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
                  numbers.sumOfLanes(sums, sum)
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

  /**
   * The output gradients of some images, packed for tiles: for each its vectors, image after image,
   * then the rests of the rows, each as a vector whose further lanes are not used.
   */
  private A gradients(int image, int count, int g, int tiles) {
    int size = DotTile.ROWS * numbers.lanes();
    int wholes = at.wholesIn.length;
    int uneven = at.restsIn.length;
    int each = count * (wholes + uneven) * size;
    A packed = numbers.scratch(Purpose.GRADIENT, tiles * each);
    for (int f = 0; f < s.filtersPerGroup(); f++) {
      int start = f / DotTile.ROWS * each + f % DotTile.ROWS * numbers.lanes();
      for (int i = 0; i < count; i++) {
        int plane = s.outputAt(image + i, g, f);
        packVectors(plane, packed, start + i * wholes * size);
        if (uneven > 0) {
          numbers.copy(
              at.restsOf(gy, plane),
              new Matrix<>(packed, start + (count * wholes + i * uneven) * size, size, 1),
              uneven,
              at.segments.rest());
        }
      }
    }
    return packed;
  }

  /** The whole vectors of a plane, whose rows follow each other if they have no rest. */
  private void packVectors(int plane, A packed, int start) {
    int lanes = numbers.lanes();
    int size = DotTile.ROWS * lanes;
    int rows = at.segments.rest() == 0 ? 1 : s.height().out();
    int vectors = at.wholesIn.length / rows;
    Packing packing = numbers.packing();
    for (int y = 0; y < rows; y++) {
      int from = plane + y * s.width().out();
      packing.run(vectors, gy, from, lanes, packed, start + y * vectors * size, size);
    }
  }
}
