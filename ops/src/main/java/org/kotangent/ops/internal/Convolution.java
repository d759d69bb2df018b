package org.kotangent.ops.internal;

import org.kotangent.ad.Parallel;

/**
 * Two-dimensional convolution and its two gradients as products of panels.
 *
 * <p>With the patches of the input as the columns of a matrix P [terms, positions], y = w·P, the
 * input's gradient adds wᵀ·ȳ back to where the patches came from, and the weights' gradient is ȳ·Pᵀ
 * (Boué 2018, §8). P is never stored: a panel of it at a time is packed from the image.
 *
 * <p>Each output number sums its terms in order. An input's gradient adds, tile after tile of an
 * image, the terms in their order. The weights' gradient is summed over fixed blocks of images,
 * whose results are then added in order. None of this depends on the number of threads.
 */
public final class Convolution {
  private static final int MOST_BLOCKS = 16;
  private static final int MOST_PARTIAL_NUMBERS = 1 << 22;

  private Convolution() {}

  /** Writes y = x ⊛ w. */
  public static <A> void forward(ConvShape s, A x, A w, A y) {
    int groups = s.groups();
    int tiles = s.imageTiles();
    Parallel.forEach(
        tiles * groups,
        Gemm.grain(s.work() * s.imagesPerTile()),
        (from, to) -> {
          Panel<A> panel = Panel.forArray(y);
          for (int piece = from; piece < to; piece++) {
            int g = piece % groups;
            int first = piece / groups * s.imagesPerTile();
            int last = Math.min(s.images(), first + s.imagesPerTile());
            s.forEachTile(first, last, tile -> forward(panel, tile, g, x, w, y));
          }
        });
  }

  private static <A> void forward(Panel<A> panel, ConvTile tile, int g, A x, A w, A y) {
    ConvShape s = tile.shape();
    int filters = s.filtersPerGroup();
    var left = Matrix.rowMajor(w, g * filters * s.terms(), s.terms());
    for (int done = 0; done < s.terms(); done += Panel.DEPTH) {
      int depth = Math.min(Panel.DEPTH, s.terms() - done);
      for (int k = 0; k < depth; k++) {
        tile.packPatches(panel, k, x, g, done + k);
      }
      for (int f = 0; f < filters; f += Panel.ROWS) {
        int rows = Math.min(Panel.ROWS, filters - f);
        for (int t = 0; t < rows; t++) {
          if (done == 0) {
            panel.zero(t, tile.width());
          } else {
            tile.loadOutput(panel, t, y, g, f + t);
          }
        }
        panel.multiply(rows, left, f, done, depth, tile.width());
        for (int t = 0; t < rows; t++) {
          tile.storeOutput(panel, t, y, g, f + t);
        }
      }
    }
  }

  /** Writes the gradient of the input, x̄, from that of the output. */
  public static <A> void inputGradient(ConvShape s, A gy, A w, A gx) {
    int groups = s.groups();
    int tiles = s.imageTiles();
    int plane = s.plane();
    Parallel.forEach(
        tiles * groups,
        Gemm.grain(s.work() * s.imagesPerTile()),
        (from, to) -> {
          Panel<A> panel = Panel.forArray(gx);
          for (int piece = from; piece < to; piece++) {
            int g = piece % groups;
            int first = piece / groups * s.imagesPerTile();
            int last = Math.min(s.images(), first + s.imagesPerTile());
            for (int image = first; image < last; image++) {
              int at = s.inputAt(image, g, 0);
              panel.erase(gx, at, s.channelsPerGroup() * plane);
            }
            s.forEachTile(first, last, tile -> inputGradient(panel, tile, g, gy, w, gx));
          }
        });
  }

  private static <A> void inputGradient(Panel<A> panel, ConvTile tile, int g, A gy, A w, A gx) {
    ConvShape s = tile.shape();
    int filters = s.filtersPerGroup();
    var left = Matrix.rowMajor(w, g * filters * s.terms(), s.terms()).transposed();
    for (int done = 0; done < filters; done += Panel.DEPTH) {
      int depth = Math.min(Panel.DEPTH, filters - done);
      for (int f = 0; f < depth; f++) {
        tile.packOutput(panel, f, gy, g, done + f);
      }
      for (int k = 0; k < s.terms(); k += Panel.ROWS) {
        int rows = Math.min(Panel.ROWS, s.terms() - k);
        for (int t = 0; t < rows; t++) {
          panel.zero(t, tile.width());
        }
        panel.multiply(rows, left, k, done, depth, tile.width());
        for (int t = 0; t < rows; t++) {
          tile.addPatches(panel, t, gx, g, k + t);
        }
      }
    }
  }

  /** Writes the gradient of the weights, w̄, from that of the output. */
  public static <A> void weightGradient(ConvShape s, A x, A gy, A gw) {
    int weights = s.filters() * s.terms();
    int blocks = blocks(s, weights);
    int images = Math.ceilDiv(s.images(), blocks);
    int width = Panel.piece(s.terms(), Panel.WIDTH);
    int pieces = Math.ceilDiv(s.terms(), width) * s.groups();
    A partial = blocks == 1 ? gw : Panel.forArray(gw).allocate(blocks * weights);
    Parallel.forEach(
        blocks * pieces,
        Gemm.grain(s.work() * images * s.groups() / pieces),
        (from, to) -> {
          Panel<A> panel = Panel.forArray(gw);
          for (int piece = from; piece < to; piece++) {
            int block = piece / pieces;
            int g = piece % s.groups();
            int k = piece % pieces / s.groups() * width;
            int first = Math.min(s.images(), block * images);
            int last = Math.min(s.images(), first + images);
            int at = block * weights + g * s.filtersPerGroup() * s.terms() + k;
            var result = Matrix.rowMajor(partial, at, s.terms());
            int columns = Math.min(width, s.terms() - k);
            weightGradient(panel, s, first, last, g, k, columns, x, gy, result);
          }
        });
    if (blocks > 1) {
      Panel<A> panel = Panel.forArray(gw);
      panel.erase(gw, 0, weights);
      for (int block = 0; block < blocks; block++) {
        panel.accumulate(gw, partial, block * weights, weights);
      }
    }
  }

  /** How many partial sums over images: few enough to store, each worth a thread. */
  private static int blocks(ConvShape s, int weights) {
    long worth = s.images() / Math.max(1, Gemm.grain(s.work() * s.groups()));
    long storable = MOST_PARTIAL_NUMBERS / Math.max(1, weights);
    return Math.clamp(Math.min(worth, storable), 1, MOST_BLOCKS);
  }

  /** Sums the gradient of columns [k, k + width) of the weights over images [first, last). */
  private static <A> void weightGradient(
      Panel<A> panel,
      ConvShape s,
      int first,
      int last,
      int g,
      int k,
      int width,
      A x,
      A gy,
      Matrix<A> result) {
    int filters = s.filtersPerGroup();
    for (int f = 0; f < filters; f++) {
      panel.erase(result.data(), result.at(f, 0), width);
    }
    for (int image = first; image < last; image++) {
      var left = Matrix.rowMajor(gy, s.outputAt(image, g, 0), s.positions());
      s.forEachTile(
          image,
          image + 1,
          tile -> {
            tile.packPatchesTransposed(panel, x, g, k, k + width);
            for (int f = 0; f < filters; f += Panel.ROWS) {
              int rows = Math.min(Panel.ROWS, filters - f);
              for (int t = 0; t < rows; t++) {
                panel.load(t, 0, result.data(), result.at(f + t, 0), 1, width);
              }
              panel.multiply(rows, left, f, tile.start(), tile.width(), width);
              for (int t = 0; t < rows; t++) {
                panel.store(t, 0, result.data(), result.at(f + t, 0), 1, width);
              }
            }
          });
    }
  }
}
