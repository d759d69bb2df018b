package org.kotangent.ops;

import org.kotangent.ad.DomainException;

/**
 * How the filters of a two-dimensional convolution move over an image. The methods with an argument
 * give a changed copy:
 *
 * <pre>{@code
 * Conv2d.standard().stride(2).padding(1)
 * }</pre>
 *
 * @param strideHeight rows between two windows
 * @param strideWidth columns between two windows
 * @param padding zeros around the image
 * @param dilationHeight rows between two weights of a filter
 * @param dilationWidth columns between two weights of a filter
 * @param groups independent groups of channels and filters
 */
public record Conv2d(
    int strideHeight,
    int strideWidth,
    Padding padding,
    int dilationHeight,
    int dilationWidth,
    int groups) {
  /**
   * Checks the numbers.
   *
   * @throws DomainException when a stride, a dilation or the number of groups is below 1
   */
  public Conv2d {
    Checks.requirePositive("conv2d", "stride", strideHeight, strideWidth);
    Checks.requirePositive("conv2d", "dilation", dilationHeight, dilationWidth);
    Checks.requirePositive("conv2d", "groups", groups);
  }

  /** Stride 1, no padding, dilation 1, one group. */
  public static Conv2d standard() {
    return new Conv2d(1, 1, Padding.none(), 1, 1, 1);
  }

  /** A copy with another stride, the same for rows and columns. */
  public Conv2d stride(int stride) {
    return stride(stride, stride);
  }

  /** A copy with another stride. */
  public Conv2d stride(int height, int width) {
    return new Conv2d(height, width, padding, dilationHeight, dilationWidth, groups);
  }

  /** A copy with the same padding at every edge. */
  public Conv2d padding(int all) {
    return padding(Padding.of(all));
  }

  /** A copy with another padding. */
  public Conv2d padding(int top, int bottom, int left, int right) {
    return padding(new Padding(top, bottom, left, right));
  }

  /** A copy with another padding. */
  public Conv2d padding(Padding padding) {
    return new Conv2d(strideHeight, strideWidth, padding, dilationHeight, dilationWidth, groups);
  }

  /** A copy with another dilation, the same for rows and columns. */
  public Conv2d dilation(int dilation) {
    return dilation(dilation, dilation);
  }

  /** A copy with another dilation. */
  public Conv2d dilation(int height, int width) {
    return new Conv2d(strideHeight, strideWidth, padding, height, width, groups);
  }

  /** A copy with another number of groups. */
  public Conv2d groups(int groups) {
    return new Conv2d(strideHeight, strideWidth, padding, dilationHeight, dilationWidth, groups);
  }
}
