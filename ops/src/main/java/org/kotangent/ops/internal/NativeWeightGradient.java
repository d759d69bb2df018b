package org.kotangent.ops.internal;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.kotangent.ad.Parallel;
import org.kotangent.ops.internal.NativeTileCode.Terms;
import org.kotangent.ops.internal.Numbers.Purpose;

/**
 * The gradient of a convolution's weights by {@link NativeTileCode}: the output gradients of a few
 * filters times what a few taps look at, vector by vector. Each weight has one partial sum for each
 * lane, over images and positions in order, the rests of rows after whole vectors of a few images;
 * the lanes are added at the end. Threads share the weights, not the images.
 *
 * @param <A> the array type, {@code float[]} or {@code double[]}
 */
final class NativeWeightGradient<A> {
  /** Numbers of output gradients and images that stay in the first cache while tiles use them. */
  private static final int NEAR = 1 << 12;

  private static final int MOST_IMAGES = 16;

  /** What has plans of its own: terms and images. */
  private record Part(int first, int count, int images) {}

  /** The plans for whole vectors and for the rests of rows. */
  private record Plans(List<TilePlan> wholes, List<TilePlan> rests) {}

  private final NativeGeometry<A> at;
  private final ConvShape s;
  private final int together;
  private final ConcurrentHashMap<Part, Plans> plans = new ConcurrentHashMap<>();

  NativeWeightGradient(NativeGeometry<A> at) {
    this.at = at;
    this.s = at.shape;
    int near = NativeTileCode.ROWS * s.positions() + s.plane();
    this.together = Math.clamp(Math.min(NEAR / Math.max(1, near), s.images()), 1, MOST_IMAGES);
  }

  /** Writes w̄. */
  void run(A x, A gy, A gw) {
    int terms = s.terms();
    if (terms == 0) {
      return;
    }
    int bands = Math.clamp(Work.pieces(s.work() / 2 * s.images()), 1, Parallel.threads());
    int each = Math.ceilDiv(terms, bands);
    int pieces = Math.ceilDiv(terms, each);
    Parallel.forEach(
        s.groups() * pieces,
        1,
        (from, to) -> {
          for (int piece = from; piece < to; piece++) {
            int first = piece % pieces * each;
            terms(x, gy, gw, piece / pieces, first, Math.min(each, terms - first));
          }
        });
  }

  /** Computes some terms of all filters of a group. */
  private void terms(A x, A gy, A gw, int g, int first, int count) {
    int filters = s.filtersPerGroup();
    A sums = at.numbers.scratch(Purpose.SUMS, filters * count * at.lanes);
    at.numbers.erase(sums, 0, filters * count * at.lanes);
    NativeFunction wholes = at.tiles.tiles(Terms.VECTORS, false);
    NativeFunction rests = at.tiles.tiles(Terms.VECTORS, true);
    Part part = new Part(first, count, together);
    for (int image = 0; image < s.images(); image += together) {
      int some = Math.min(together, s.images() - image);
      A source = at.readsImages() ? x : at.rasters(x, image, some, g);
      int to = at.readsImages() ? s.inputAt(image, g, 0) : 0;
      int from = s.outputAt(image, g, 0);
      Plans plans = plans(some == together ? part : new Part(first, count, some));
      NativeGeometry.run(wholes, plans.wholes, gy, from, source, to, sums, 0, 1);
      NativeGeometry.run(rests, plans.rests, gy, from, source, to, sums, 0, 1);
    }
    for (int f = 0; f < filters; f++) {
      for (int t = 0; t < count; t++) {
        double sum = at.numbers.sum(sums, (f * count + t) * at.lanes, at.lanes);
        at.numbers.set(gw, (g * filters + f) * s.terms() + first + t, sum);
      }
    }
  }

  private Plans plans(Part part) {
    Plans known = plans.get(part);
    return known == null
        ? plans.computeIfAbsent(part, p -> new Plans(plans(p, false), plans(p, true)))
        : known;
  }

  private List<TilePlan> plans(Part part, boolean rests) {
    int apart = at.readsImages() ? s.inputAt(1, 0, 0) : at.raster.size();
    int[] inGradient =
        repeated(at.vectors(s.width().out(), rests), part.images, s.outputAt(1, 0, 0));
    int[] inImage = repeated(at.vectors(at.raster.down(), rests), part.images, apart);
    return NativeGeometry.plans(
        s.filtersPerGroup() == 0 ? 0 : inImage.length,
        (long) s.filtersPerGroup() * part.count * at.lanes,
        (from, to) ->
            plan(
                part,
                Arrays.copyOfRange(inGradient, from, to),
                Arrays.copyOfRange(inImage, from, to)));
  }

  private TilePlan plan(Part part, int[] inGradient, int[] inImage) {
    TilePlan plan =
        new TilePlan()
            .of(s.filtersPerGroup(), inImage.length)
            .a(s.positions(), 0)
            .table(TilePlan.A_TERMS, inGradient)
            .table(TilePlan.B_TERMS, inImage)
            .c(part.count * at.lanes, true)
            .table(TilePlan.C_AGAIN, 0)
            .vectors(part.count)
            .table(
                TilePlan.B_VECTORS,
                Arrays.copyOfRange(at.taps, part.first, part.first + part.count))
            .multiples(TilePlan.C_VECTORS, part.count, at.lanes);
    return at.masks(plan, 1);
  }

  /** The places of {@code table} in several arrays that are {@code distance} apart. */
  private static int[] repeated(int[] table, int arrays, int distance) {
    return IntStream.range(0, arrays * table.length)
        .map(v -> v / table.length * distance + table[v % table.length])
        .toArray();
  }
}
