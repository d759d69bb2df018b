package org.kotangent.ops.internal;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** Where the numbers of a convolution are, as tables for tiles. */
final class Geometry<A> {
  /** Images from which on each is the work of one thread. */
  private static final int MANY = 16;

  /** Numbers of output gradients and images that stay in the first cache while tiles use them. */
  private static final int NEAR = 1 << 12;

  private static final int MOST_IMAGES = 16;

  final ConvShape shape;
  final Numbers<A> numbers;
  final Raster raster;
  final Segments segments;

  /** How far each term of a filter looks ahead in the raster. */
  final int[] taps;

  /** How far each term looks ahead, ordered by the place in the window and then by channel. */
  final int[] channelsOfTaps;

  /** Where each filter's plane starts in the output of a group. */
  final int[] planes;

  /** Where whole vectors of output positions look at in the raster. */
  final int[] wholesIn;

  /** Where whole vectors of output positions are in a plane of the output. */
  final int[] wholesOut;

  /** Where the rests of rows look at in the raster. */
  final int[] restsIn;

  /** Where the rests of rows are in an array that holds a vector for each. */
  final int[] restsOut;

  /** How many images the gradient of the weights goes through together. */
  final int together;

  /** The tables above for so many images one after the other. */
  final int[] allWholesIn;

  final int[] allRestsIn;

  private record Key(ConvShape shape, Numbers<?> numbers) {}

  /** Geometries that are kept; when there are more, all are forgotten. */
  private static final int KEPT = 256;

  private static final ConcurrentHashMap<Key, Geometry<?>> CACHE = new ConcurrentHashMap<>();

  /** The geometry of a shape. */
  @SuppressWarnings("unchecked")
  static <A> Geometry<A> of(ConvShape shape, Numbers<A> numbers) {
    Key key = new Key(shape, numbers);
    Geometry<?> known = CACHE.get(key);
    if (known == null) {
      known = new Geometry<>(shape, numbers);
      if (CACHE.size() >= KEPT) {
        CACHE.clear();
      }
      CACHE.put(key, known);
    }
    return (Geometry<A>) known;
  }

  private Geometry(ConvShape shape, Numbers<A> numbers) {
    this.shape = shape;
    this.numbers = numbers;
    this.raster = new Raster(shape);
    this.segments = new Segments(shape.height().out(), shape.width().out(), numbers.lanes());
    this.taps = raster.taps();
    this.channelsOfTaps = new int[taps.length];
    int window = shape.height().taps() * shape.width().taps();
    for (int k = 0; k < taps.length; k++) {
      channelsOfTaps[k % window * shape.channelsPerGroup() + k / window] = taps[k];
    }
    this.planes = multiples(shape.filtersPerGroup(), shape.positions());
    this.wholesIn = segments.wholes(raster.down());
    this.wholesOut = segments.wholes(shape.width().out());
    this.restsIn = segments.rests(raster.down());
    this.restsOut = multiples(restsIn.length, numbers.lanes());
    int near = DotTile.ROWS * shape.positions() + shape.plane();
    this.together = Math.clamp(NEAR / near, 1, MOST_IMAGES);
    int image = readsImages() ? shape.inputAt(1, 0, 0) : raster.size();
    this.allWholesIn = repeated(wholesIn, together, image);
    this.allRestsIn = repeated(restsIn, together, image);
  }

  /** Numbers {@code 0, step, 2·step, …}. */
  static int[] multiples(int count, int step) {
    int[] numbers = new int[count];
    Arrays.setAll(numbers, i -> i * step);
    return numbers;
  }

  /** The places of {@code at} in several arrays that are {@code distance} apart. */
  private static int[] repeated(int[] at, int arrays, int distance) {
    return IntStream.range(0, arrays * at.length)
        .map(v -> v / at.length * distance + at[v % at.length])
        .toArray();
  }

  /** Whether tiles can read images where they are: no vector reaches beyond a row. */
  boolean readsImages() {
    return raster.isImage() && segments.rest() == 0;
  }

  /** Into how many pieces the tiles of an image are cut: several where images are few. */
  int bands(int tiles) {
    return shape.images() * shape.groups() < MANY ? tiles : 1;
  }

  /** The rests of the rows of some planes, as a matrix of all rows. */
  Matrix<A> restsOf(A output, int plane) {
    int width = shape.width().out();
    return Matrix.rowMajor(output, plane + width - segments.rest(), width);
  }
}
