package org.kotangent.ops.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where the numbers of a convolution are, for {@link NativeTileCode}, with the plans of its passes.
 *
 * @param <A> the array type, {@code float[]} or {@code double[]}
 */
final class NativeGeometry<A> {
  /** Multiplications of one call of machine code, which holds off the garbage collector. */
  private static final long MOST = 1 << 22;

  /** Geometries that are kept; when there are more, all are forgotten. */
  private static final int KEPT = 256;

  private record Key(ConvShape shape, Numbers<?> numbers) {}

  private static final ConcurrentHashMap<Key, NativeGeometry<?>> CACHE = new ConcurrentHashMap<>();

  final ConvShape shape;
  final NativeTiles tiles;
  final Numbers<A> numbers;
  final int lanes;
  final Raster raster;
  final Segments segments;

  /** How far each term of a filter looks ahead in the raster. */
  final int[] taps;

  final NativeConvolution<A> forward;
  final NativeInputGradient<A> inputGradient;
  final NativeWeightGradient<A> weightGradient;

  /** The geometry of a shape for arrays like the given one. */
  @SuppressWarnings("unchecked")
  static <A> NativeGeometry<A> of(ConvShape shape, A like) {
    Key key = new Key(shape.flat(), Numbers.of(like));
    NativeGeometry<?> known = CACHE.get(key);
    if (known == null) {
      known = new NativeGeometry<>(key.shape(), key.numbers(), NativeTiles.of(like));
      if (CACHE.size() >= KEPT) {
        CACHE.clear();
      }
      CACHE.put(key, known);
    }
    return (NativeGeometry<A>) known;
  }

  private NativeGeometry(ConvShape shape, Numbers<A> numbers, NativeTiles tiles) {
    this.shape = shape;
    this.tiles = tiles;
    this.numbers = numbers;
    this.lanes = tiles.lanes();
    this.raster = new Raster(shape);
    this.segments = new Segments(shape.height().out(), shape.width().out(), lanes);
    this.taps = raster.taps();
    this.forward = new NativeConvolution<>(this);
    this.inputGradient = new NativeInputGradient<>(this);
    this.weightGradient = new NativeWeightGradient<>(this);
  }

  /** Whether rows of the output fill a good part of a vector. */
  boolean isFit() {
    return 2 * shape.width().out() >= lanes;
  }

  /** Weights of a filter in one channel. */
  int window() {
    return shape.height().taps() * shape.width().taps();
  }

  /** Where whole vectors, or the rests of rows, are in a plane whose rows are so far apart. */
  int[] vectors(int down, boolean rests) {
    return rests ? segments.rests(down) : segments.wholes(down);
  }

  /** Appends the mask of the rest of a row for so many vectors. */
  TilePlan masks(TilePlan plan, int count) {
    plan.begin(TilePlan.MASKS);
    for (int v = 0; v < count; v++) {
      tiles.mask(segments.rest(), plan);
    }
    return plan;
  }

  /** What makes the plan of vectors or terms [from, to). */
  interface Part {
    TilePlan plan(int from, int to);
  }

  /**
   * Plans for parts of so many vectors or terms, each of so many multiplications, so that no call
   * takes long.
   *
   * @param part makes the plan of a part
   */
  static List<TilePlan> plans(int count, long each, Part part) {
    int some = Math.clamp(MOST / Math.max(1, each), 2, Math.max(2, count));
    List<TilePlan> plans = new ArrayList<>();
    for (int first = 0; first < count; first += some) {
      plans.add(part.plan(first, Math.min(count, first + some)));
    }
    return plans;
  }

  /** Carries out plans, one after another, on the same parts of arrays. */
  static void run(
      NativeFunction code,
      List<TilePlan> plans,
      Object a,
      int aAt,
      Object b,
      int bAt,
      Object c,
      int cAt,
      int count) {
    for (int i = 0; i < plans.size(); i++) {
      code.run(plans.get(i).numbers(), a, aAt, b, bAt, c, cAt, count);
    }
  }

  /** Whether images are read where they are. */
  boolean readsImages() {
    return raster.isImage();
  }

  /** The rasters of some images, one after another. */
  A rasters(A x, int image, int count, int g) {
    int size = raster.size();
    A rasters = numbers.scratch(Numbers.Purpose.IMAGE, count * size);
    for (int i = 0; i < count; i++) {
      raster.fill(numbers, x, shape.inputAt(image + i, g, 0), rasters, i * size);
    }
    return rasters;
  }
}
