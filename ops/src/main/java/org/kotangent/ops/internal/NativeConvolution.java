package org.kotangent.ops.internal;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.kotangent.ad.Announcing.Ready;
import org.kotangent.ad.Parallel;
import org.kotangent.ops.internal.NativeTileCode.Terms;

/**
 * Two-dimensional convolution by {@link NativeTileCode}, without a matrix of patches: an image is
 * read where it is, or in its {@link Raster}, through one weight after another. Each output number
 * adds its terms in order, product and addition rounded once.
 *
 * @param <A> the array type, {@code float[]} or {@code double[]}
 */
final class NativeConvolution<A> {
  /** Numbers of weights that stay in the caches while a plane of output passes by. */
  private static final int WEIGHTS = 1 << 14;

  /** Images from which on each is the work of one thread. */
  private static final int MANY = 16;

  private final NativeGeometry<A> at;
  private final ConvShape s;

  /** Filters that pass by an image together. */
  private final int rows;

  private final List<TilePlan> whole;
  private final List<TilePlan> last;

  NativeConvolution(NativeGeometry<A> at) {
    this.at = at;
    this.s = at.shape;
    int filters = s.filtersPerGroup();
    int together = Math.max(1, WEIGHTS / Math.max(1, NativeTileCode.ROWS * s.terms()));
    int count = Math.max(1, Math.ceilDiv(filters, NativeTileCode.ROWS));
    int bands = Math.ceilDiv(count, s.images() * s.groups() < MANY ? 1 : together);
    this.rows = Math.ceilDiv(count, bands) * NativeTileCode.ROWS;
    this.whole = plans(Math.min(rows, filters));
    this.last = plans((filters - 1) % rows + 1);
  }

  /** Writes y = x ⊛ w; the planes of a few filters are announced together. */
  void run(A x, A w, A y, Ready ready) {
    int filters = s.filtersPerGroup();
    if (s.terms() == 0) {
      int size = s.images() * s.filters() * s.positions();
      at.numbers.erase(y, 0, size);
      ready.elements(0, size);
      return;
    }
    if (filters == 0) {
      return;
    }
    int pieces = Math.ceilDiv(filters, rows);
    NativeFunction code = at.tiles.tiles(Terms.LISTED, isNarrow());
    Parallel.forEach(
        s.images() * s.groups() * pieces,
        Work.grain(s.work() / pieces),
        (from, to) -> {
          for (int piece = from; piece < to; piece++) {
            int f = piece % pieces * rows;
            int some = Math.min(rows, filters - f);
            int image = piece / pieces / s.groups();
            int g = piece / pieces % s.groups();
            A source = at.readsImages() ? x : at.rasters(x, image, 1, g);
            int first = at.readsImages() ? s.inputAt(image, g, 0) : 0;
            int result = s.outputAt(image, g, f);
            int weights = (g * filters + f) * s.terms();
            List<TilePlan> plans = f + rows <= filters ? whole : last;
            NativeGeometry.run(code, plans, w, weights, source, first, y, result, 1);
            ready.elements(result, result + some * s.positions());
          }
        });
  }

  /** Whether rows are shorter than a vector, so that the last one cannot overlap another. */
  private boolean isNarrow() {
    return s.width().out() < at.lanes;
  }

  private List<TilePlan> plans(int rows) {
    int[] inImage = covering(at.raster.down());
    int[] inPlane = covering(s.width().out());
    return NativeGeometry.plans(
        inImage.length,
        (long) rows * s.terms() * at.lanes,
        (from, to) -> plan(rows, part(inImage, from, to), part(inPlane, from, to)));
  }

  private static int[] part(int[] table, int from, int to) {
    return Arrays.copyOfRange(table, from, to);
  }

  private TilePlan plan(int rows, int[] inImage, int[] inPlane) {
    TilePlan plan =
        new TilePlan()
            .of(rows, s.terms())
            .a(s.terms(), 1)
            .table(TilePlan.B_TERMS, at.taps)
            .c(s.positions(), false)
            .table(TilePlan.C_AGAIN, 0)
            .vectors(inImage.length)
            .table(TilePlan.B_VECTORS, inImage)
            .table(TilePlan.C_VECTORS, inPlane);
    return isNarrow() ? at.masks(plan, inImage.length) : plan;
  }

  /**
   * Where vectors begin that cover a plane whose rows are {@code down} apart. The last of a row
   * overlaps the one before it, to the same end.
   */
  private int[] covering(int down) {
    int width = s.width().out();
    int each = Math.ceilDiv(width, at.lanes);
    int last = Math.max(0, width - at.lanes);
    return IntStream.range(0, s.height().out() * each)
        .map(v -> v / each * down + Math.min(last, v % each * at.lanes))
        .toArray();
  }
}
