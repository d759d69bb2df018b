package org.kotangent.ops.internal;

import org.kotangent.ad.Parallel;
import org.kotangent.ops.internal.Numbers.Factor;
import org.kotangent.ops.internal.Numbers.Purpose;

/**
 * The gradient of a convolution's input: tap by tap, each output gradient times a weight is added
 * to what the weight looked at, in the {@link Raster} of the image.
 *
 * <p>A tile holds a few channels at two vectors of output positions; so its sums are of numbers
 * that are all different, and start at what has been added before. Each number adds its terms in
 * the order of the taps and, for a tap, of the filters, product and addition rounded once; the
 * rests of rows add all filters first.
 */
final class VectorInputGradient<A> {
  private final Geometry<A> at;
  private final ConvShape s;
  private final Numbers<A> numbers;
  private final int window;
  private final int[] channels;
  private final A gy;
  private final Object[] weights;
  private final A gx;

  private VectorInputGradient(ConvShape s, A gy, A w, A gx) {
    this.s = s;
    this.numbers = Numbers.of(gx);
    this.at = Geometry.of(s, numbers);
    this.window = s.height().taps() * s.width().taps();
    this.channels = at.channelsOfTaps;
    this.gy = gy;
    this.weights = packed(w);
    this.gx = gx;
  }

  /** Writes the gradient of the input, x̄, from that of the output. */
  static <A> void inputGradient(ConvShape s, A gy, A w, A gx) {
    new VectorInputGradient<>(s, gy, w, gx).run();
  }

  /** For each tap of the window, tile after tile: the weights of a few channels, by filters. */
  private Object[] packed(A w) {
    int count = s.channelsPerGroup();
    int filters = s.filtersPerGroup();
    int tiles = Numbers.tiles(count);
    int size = Numbers.packed(filters, Tile.PITCH);
    Object[] packed = numbers.packed(Factor.LEFT, s.groups() * window * tiles, size);
    for (int g = 0; g < s.groups(); g++) {
      for (int tap = 0; tap < window; tap++) {
        var from = new Matrix<>(w, g * filters * s.terms() + tap, window, s.terms());
        numbers.packTiles(from, count, filters, packed, (g * window + tap) * tiles, 0, tiles);
      }
    }
    return packed;
  }

  private void run() {
    int groups = s.groups();
    Parallel.forEach(
        s.images() * groups,
        Work.grain(s.work()),
        (from, to) -> {
          Strip<A> strip = numbers.strip();
          for (int piece = from; piece < to; piece++) {
            image(strip, piece / groups, piece % groups);
          }
        });
  }

  private void image(Strip<A> strip, int image, int g) {
    int plane = s.inputAt(image, g, 0);
    if (at.raster.isImage()) {
      numbers.erase(gx, plane, plane + at.raster.size());
      add(strip, image, g, gx, plane);
    } else {
      A raster = numbers.scratch(Purpose.IMAGE, at.raster.size());
      numbers.erase(raster, 0, at.raster.size());
      add(strip, image, g, raster, 0);
      at.raster.empty(numbers, raster, 0, gx, plane);
    }
  }

  private void add(Strip<A> strip, int image, int g, A raster, int to) {
    int from = s.outputAt(image, g, 0);
    int count = s.channelsPerGroup();
    A rests = at.segments.rest() > 0 ? restsOfGradient(from) : gy;
    for (int tile = 0; tile < Numbers.tiles(count); tile++) {
      int c = tile * Tile.ROWS;
      int rows = Math.min(Tile.ROWS, count - c);
      for (int tap = 0; tap < window; tap++) {
        int channel = tap * count + c;
        Object left = weights[(g * window + tap) * Numbers.tiles(count) + tile];
        strip.multiply(
            rows,
            s.filtersPerGroup(),
            left,
            gy,
            from,
            at.planes,
            at.wholesOut,
            raster,
            to,
            channels,
            channel,
            at.wholesIn,
            at.wholesIn.length,
            true);
        if (at.segments.rest() > 0) {
          addRests(strip, rows, left, rests, raster, to, channel);
        }
      }
    }
  }

  /** The rests of the rows of all filters, each as a vector. */
  private A restsOfGradient(int from) {
    int size = s.height().out() * numbers.lanes();
    A rests = numbers.scratch(Purpose.GRADIENT, s.filtersPerGroup() * size);
    numbers.erase(rests, 0, s.filtersPerGroup() * size);
    for (int f = 0; f < s.filtersPerGroup(); f++) {
      numbers.copy(
          at.restsOf(gy, from + at.planes[f]),
          Matrix.rowMajor(rests, f * size, numbers.lanes()),
          s.height().out(),
          at.segments.rest());
    }
    return rests;
  }

  private void addRests(
      Strip<A> strip, int rows, Object left, A rests, A raster, int to, int channel) {
    int height = s.height().out();
    int size = height * numbers.lanes();
    A edge = numbers.scratch(Purpose.EDGE, rows * size);
    int[] planes = Geometry.multiples(Math.max(rows, s.filtersPerGroup()), size);
    strip.multiply(
        rows,
        s.filtersPerGroup(),
        left,
        rests,
        0,
        planes,
        at.restsOut,
        edge,
        0,
        planes,
        0,
        at.restsOut,
        at.restsOut.length,
        false);
    for (int r = 0; r < rows; r++) {
      int first = to + channels[channel + r] + at.restsIn[0];
      numbers.add(
          Matrix.rowMajor(edge, planes[r], numbers.lanes()),
          Matrix.rowMajor(raster, first, at.raster.down()),
          height,
          at.segments.rest());
    }
  }
}
