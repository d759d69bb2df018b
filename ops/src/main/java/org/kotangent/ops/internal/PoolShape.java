package org.kotangent.ops.internal;

/**
 * The sizes of a pooling over the last two axes.
 *
 * @param planes how many images of one channel
 * @param height the window along the rows
 * @param width the window along the columns
 */
public record PoolShape(int planes, Taps height, Taps width) {
  /** Numbers of one plane of the input. */
  int plane() {
    return height.in() * width.in();
  }

  /** Windows of one plane. */
  int windows() {
    return height.out() * width.out();
  }
}
