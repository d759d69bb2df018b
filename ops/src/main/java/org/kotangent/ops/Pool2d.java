package org.kotangent.ops;

import org.kotangent.ad.DomainException;

/**
 * The window of a two-dimensional pooling and how it moves over an image. The methods with an
 * argument give a changed copy:
 *
 * <pre>{@code
 * Pool2d.of(3).stride(2).padding(1)
 * }</pre>
 *
 * @param height rows of the window
 * @param width columns of the window
 * @param strideHeight rows between two windows
 * @param strideWidth columns between two windows
 * @param padding rows and columns around the image: −∞ for a maximum, 0 for a mean
 * @param dilationHeight rows between two numbers of a window
 * @param dilationWidth columns between two numbers of a window
 * @param countPadding whether a mean divides by all numbers of the window, padding included, or
 *     only by those inside the image
 * @param ceil whether a last window that reaches beyond the padding is kept if it starts before it
 */
public record Pool2d(
    int height,
    int width,
    int strideHeight,
    int strideWidth,
    Padding padding,
    int dilationHeight,
    int dilationWidth,
    boolean countPadding,
    boolean ceil) {
  /**
   * Checks the numbers.
   *
   * @throws DomainException when a size, a stride or a dilation is below 1
   */
  public Pool2d {
    Checks.requirePositive("pool2d", "window", height, width);
    Checks.requirePositive("pool2d", "stride", strideHeight, strideWidth);
    Checks.requirePositive("pool2d", "dilation", dilationHeight, dilationWidth);
  }

  /** A square window that moves by its size: no overlap, no padding. */
  public static Pool2d of(int size) {
    return of(size, size);
  }

  /** A window that moves by its size: no overlap, no padding. */
  public static Pool2d of(int height, int width) {
    return new Pool2d(height, width, height, width, Padding.none(), 1, 1, true, false);
  }

  /** A copy with another stride, the same for rows and columns. */
  public Pool2d stride(int stride) {
    return stride(stride, stride);
  }

  /** A copy with another stride. */
  public Pool2d stride(int down, int across) {
    return new Pool2d(
        height, width, down, across, padding, dilationHeight, dilationWidth, countPadding, ceil);
  }

  /** A copy with the same padding at every edge. */
  public Pool2d padding(int all) {
    return padding(Padding.of(all));
  }

  /** A copy with another padding. */
  public Pool2d padding(int top, int bottom, int left, int right) {
    return padding(new Padding(top, bottom, left, right));
  }

  /** A copy with another padding. */
  public Pool2d padding(Padding other) {
    return new Pool2d(
        height,
        width,
        strideHeight,
        strideWidth,
        other,
        dilationHeight,
        dilationWidth,
        countPadding,
        ceil);
  }

  /** A copy with another dilation, the same for rows and columns. */
  public Pool2d dilation(int dilation) {
    return dilation(dilation, dilation);
  }

  /** A copy with another dilation. */
  public Pool2d dilation(int down, int across) {
    return new Pool2d(
        height, width, strideHeight, strideWidth, padding, down, across, countPadding, ceil);
  }

  /** A copy whose mean does, or does not, count padding as zeros. */
  public Pool2d countPadding(boolean count) {
    return new Pool2d(
        height,
        width,
        strideHeight,
        strideWidth,
        padding,
        dilationHeight,
        dilationWidth,
        count,
        ceil);
  }

  /** A copy that does, or does not, round the number of windows up. */
  public Pool2d ceil(boolean up) {
    return new Pool2d(
        height,
        width,
        strideHeight,
        strideWidth,
        padding,
        dilationHeight,
        dilationWidth,
        countPadding,
        up);
  }

  /** Whether no two windows see the same number. */
  boolean windowsAreApart() {
    return strideHeight >= extent(height, dilationHeight)
        && strideWidth >= extent(width, dilationWidth);
  }

  private static int extent(int taps, int dilation) {
    return (taps - 1) * dilation + 1;
  }
}
