package org.kotangent.ops.internal;

import java.util.function.Consumer;

/**
 * The sizes of a convolution x [images, channels, h, w] ⊛ w [filters, channels/groups, kh, kw] → y
 * [images, filters, oh, ow], with its output positions cut into tiles for the kernels.
 *
 * @param images how many images
 * @param channels channels of the input, in all groups
 * @param filters channels of the output, in all groups
 * @param groups independent groups of channels
 * @param height the window along the rows
 * @param width the window along the columns
 */
public record ConvShape(
    int images, int channels, int filters, int groups, Taps height, Taps width) {

  /** Whether every output number looks at a single position, its own. */
  boolean isPointwise() {
    return height.equals(Taps.single(height.in())) && width.equals(Taps.single(width.in()));
  }

  /** The same convolution, its planes taken for single rows where each number is by itself. */
  ConvShape flat() {
    return isPointwise()
        ? new ConvShape(images, channels, filters, groups, Taps.single(1), Taps.single(plane()))
        : this;
  }

  int channelsPerGroup() {
    return channels / groups;
  }

  int filtersPerGroup() {
    return filters / groups;
  }

  /** Numbers of one channel of the input. */
  int plane() {
    return height.in() * width.in();
  }

  /** Output positions of one image. */
  int positions() {
    return height.out() * width.out();
  }

  /** Weights of one filter, the terms of one output number. */
  int terms() {
    return channelsPerGroup() * height.taps() * width.taps();
  }

  /** Multiplications and additions for one image and one group. */
  long work() {
    return 2L * filtersPerGroup() * terms() * positions();
  }

  /** Where channel {@code c} of group {@code g} of an image starts in the input. */
  int inputAt(int image, int g, int c) {
    return ((image * channels) + g * channelsPerGroup() + c) * plane();
  }

  /** Where filter {@code f} of group {@code g} of an image starts in the output. */
  int outputAt(int image, int g, int f) {
    return ((image * filters) + g * filtersPerGroup() + f) * positions();
  }

  /** How many whole images share a panel; 1 where an image alone fills it. */
  int imagesPerTile() {
    return Math.max(1, Panel.WIDTH / Math.max(1, positions()));
  }

  int imageTiles() {
    return Math.ceilDiv(images, imagesPerTile());
  }

  /** The tiles of the given images, top to bottom and left to right; they share a panel. */
  void forEachTile(int first, int last, Consumer<ConvTile> body) {
    int columns = Panel.piece(width.out(), Panel.WIDTH);
    int limit = columns < width.out() ? 1 : Panel.WIDTH / (columns * (last - first));
    int rows = Panel.piece(height.out(), limit);
    for (int top = 0; top < height.out(); top += rows) {
      int bottom = Math.min(height.out(), top + rows);
      for (int left = 0; left < width.out(); left += columns) {
        int right = Math.min(width.out(), left + columns);
        body.accept(new ConvTile(this, first, last, top, bottom, left, right));
      }
    }
  }
}
