package org.kotangent.ops.internal;

import org.kotangent.ad.Announcing.Ready;
import org.kotangent.ad.Parallel;
import org.kotangent.ops.internal.Numbers.Factor;
import org.kotangent.ops.internal.Numbers.Purpose;

/**
 * Two-dimensional convolution without a matrix of patches: a tile holds the sums of a few filters
 * at two vectors of output positions, and each of its terms is a weight times the vector that the
 * weight looks at in the {@link Raster} of the image.
 *
 * <p>Each output number adds its terms in order, product and addition rounded once.
 */
final class VectorConvolution<A> {
  private final Geometry<A> at;
  private final ConvShape s;
  private final Numbers<A> numbers;
  private final A x;
  private final Object[] weights;
  private final A y;
  private final Ready ready;

  private VectorConvolution(ConvShape s, A x, A w, A y, Ready ready) {
    this.s = s;
    this.numbers = Numbers.of(y);
    this.at = Geometry.of(s, numbers);
    this.x = x;
    this.weights = packed(w);
    this.y = y;
    this.ready = ready;
  }

  /** Writes y = x ⊛ w; the planes of a tile are announced together. */
  static <A> void forward(ConvShape s, A x, A w, A y, Ready ready) {
    if (s.filters() > 0) {
      new VectorConvolution<>(s, x, w, y, ready).run();
    }
  }

  /** The filters of all groups, tile after tile, each group from a new tile on. */
  private Object[] packed(A filters) {
    int count = s.filtersPerGroup();
    int tiles = Numbers.tiles(count);
    int size = Numbers.packed(s.terms(), Tile.PITCH);
    Object[] packed = numbers.packed(Factor.LEFT, s.groups() * tiles, size);
    for (int g = 0; g < s.groups(); g++) {
      var group = Matrix.rowMajor(filters, g * count * s.terms(), s.terms());
      numbers.packTiles(group, count, s.terms(), packed, g * tiles, 0, tiles);
    }
    return packed;
  }

  private void run() {
    int groups = s.groups();
    int tiles = Numbers.tiles(s.filtersPerGroup());
    int bands = at.bands(tiles);
    Parallel.forEach(
        s.images() * groups * bands,
        Work.grain(s.work() / bands),
        (from, to) -> {
          Strip<A> strip = numbers.strip();
          for (int piece = from; piece < to; piece++) {
            int band = piece % bands;
            int first = band * tiles / bands;
            int last = (band + 1) * tiles / bands;
            image(strip, piece / bands / groups, piece / bands % groups, first, last);
          }
        });
  }

  /** Computes what the given tiles of filters see in an image. */
  private void image(Strip<A> strip, int image, int g, int first, int last) {
    A source = x;
    int from = s.inputAt(image, g, 0);
    if (!at.readsImages()) {
      source = numbers.scratch(Purpose.IMAGE, at.raster.size() + numbers.lanes());
      at.raster.fill(numbers, x, from, source, 0);
      from = 0;
    }
    int to = s.outputAt(image, g, 0);
    int filters = s.filtersPerGroup();
    for (int tile = first; tile < last; tile++) {
      int f = tile * Tile.ROWS;
      int rows = Math.min(Tile.ROWS, filters - f);
      Object packed = weights[g * Numbers.tiles(filters) + tile];
      strip.multiply(
          rows,
          s.terms(),
          packed,
          source,
          from,
          at.taps,
          at.wholesIn,
          y,
          to,
          at.planes,
          f,
          at.wholesOut,
          at.wholesOut.length,
          false);
      if (at.segments.rest() > 0) {
        rests(strip, rows, packed, source, from, to + at.planes[f]);
      }
      ready.elements(to + at.planes[f], to + at.planes[f] + rows * s.positions());
    }
  }

  /** The rests of rows, by way of an array in which each is a vector. */
  private void rests(Strip<A> strip, int rows, Object packed, A source, int from, int to) {
    int height = s.height().out();
    int size = height * numbers.lanes();
    A edge = numbers.scratch(Purpose.EDGE, rows * size);
    int[] planes = Geometry.multiples(rows, size);
    strip.multiply(
        rows,
        s.terms(),
        packed,
        source,
        from,
        at.taps,
        at.restsIn,
        edge,
        0,
        planes,
        0,
        at.restsOut,
        at.restsOut.length,
        false);
    for (int r = 0; r < rows; r++) {
      numbers.copy(
          Matrix.rowMajor(edge, planes[r], numbers.lanes()),
          at.restsOf(y, to + at.planes[r]),
          height,
          at.segments.rest());
    }
  }
}
