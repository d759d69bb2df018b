package org.kotangent.ops.internal;

import java.util.Arrays;
import java.util.List;
import org.kotangent.ad.Parallel;
import org.kotangent.ops.internal.NativeTileCode.Terms;
import org.kotangent.ops.internal.Numbers.Purpose;

/**
 * The gradient of a convolution's input by {@link NativeTileCode}: tap by tap, each output gradient
 * times a weight is added to what the weight looked at, in the {@link Raster} of the image. Each
 * number adds its terms in the order of the taps and, for a tap, of the filters; the rests of rows
 * come after whole vectors.
 *
 * @param <A> the array type, {@code float[]} or {@code double[]}
 */
final class NativeInputGradient<A> {
  /** From one term of a packed tile of weights to the next. */
  private static final int PITCH = 8;

  private final NativeGeometry<A> at;
  private final ConvShape s;

  /** Numbers of the packed weights of a tap. */
  private final int size;

  private final List<TilePlan> wholes;
  private final List<TilePlan> rests;

  NativeInputGradient(NativeGeometry<A> at) {
    this.at = at;
    this.s = at.shape;
    int tiles = Math.ceilDiv(s.channelsPerGroup(), NativeTileCode.ROWS);
    this.size = tiles * s.filtersPerGroup() * PITCH;
    this.wholes = plans(false);
    this.rests = plans(true);
  }

  /** Writes x̄. */
  void run(A gy, A w, A gx) {
    int window = at.window();
    A packed = at.numbers.scratch(Purpose.EDGE, s.groups() * window * size);
    pack(w, packed);
    Parallel.forEach(
        s.images() * s.groups(),
        Work.grain(s.work()),
        (from, to) -> {
          for (int piece = from; piece < to; piece++) {
            image(gy, packed, gx, piece / s.groups(), piece % s.groups());
          }
        });
  }

  private void image(A gy, A packed, A gx, int image, int g) {
    boolean direct = at.readsImages();
    int plane = s.inputAt(image, g, 0);
    A target = direct ? gx : at.numbers.scratch(Purpose.IMAGE, at.raster.size());
    int to = direct ? plane : 0;
    at.numbers.erase(target, to, to + at.raster.size());
    int weights = g * at.window() * size;
    int from = s.outputAt(image, g, 0);
    NativeFunction whole = at.tiles.tiles(Terms.SPACED, false);
    NativeFunction rest = at.tiles.tiles(Terms.SPACED, true);
    NativeGeometry.run(whole, wholes, packed, weights, gy, from, target, to, at.window());
    NativeGeometry.run(rest, rests, packed, weights, gy, from, target, to, at.window());
    if (!direct) {
      at.raster.empty(at.numbers, target, 0, gx, plane);
    }
  }

  /** For each tap of the window, tile after tile: the weights of a few channels, by filters. */
  private void pack(A w, A packed) {
    int window = at.window();
    int channels = s.channelsPerGroup();
    int filters = s.filtersPerGroup();
    for (int g = 0; g < s.groups(); g++) {
      for (int tap = 0; tap < window; tap++) {
        for (int c = 0; c < channels; c += NativeTileCode.ROWS) {
          int to = (g * window + tap) * size + c / NativeTileCode.ROWS * filters * PITCH;
          at.numbers.copy(
              new Matrix<>(w, (g * filters * channels + c) * window + tap, s.terms(), window),
              Matrix.rowMajor(packed, to, PITCH),
              filters,
              Math.min(NativeTileCode.ROWS, channels - c));
        }
      }
    }
  }

  private List<TilePlan> plans(boolean rests) {
    int[] inGradient = at.vectors(s.width().out(), rests);
    int[] inImage = at.vectors(at.raster.down(), rests);
    return NativeGeometry.plans(
        s.filtersPerGroup() == 0 ? 0 : inGradient.length,
        (long) s.terms() * s.filtersPerGroup() * at.lanes,
        (from, to) ->
            plan(Arrays.copyOfRange(inGradient, from, to), Arrays.copyOfRange(inImage, from, to)));
  }

  private TilePlan plan(int[] inGradient, int[] inImage) {
    TilePlan plan =
        new TilePlan()
            .of(s.channelsPerGroup(), s.filtersPerGroup())
            .a(1, PITCH, s.filtersPerGroup() * PITCH, size)
            .b(s.positions(), 0)
            .c(at.raster.plane(), true)
            .table(TilePlan.C_AGAIN, Arrays.copyOf(at.taps, at.window()))
            .vectors(inGradient.length)
            .table(TilePlan.B_VECTORS, inGradient)
            .table(TilePlan.C_VECTORS, inImage);
    return at.masks(plan, inGradient.length);
  }
}
