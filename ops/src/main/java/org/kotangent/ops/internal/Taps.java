package org.kotangent.ops.internal;

/**
 * A window sliding along one axis of an image: which input positions an output position looks at.
 *
 * @param in the size of the input
 * @param out the size of the output
 * @param taps the window's positions
 * @param stride the distance between two windows
 * @param dilation the distance between two positions of a window
 * @param before positions of padding in front of the input
 */
public record Taps(int in, int out, int taps, int stride, int dilation, int before) {
  /** The input position that {@code tap} of the window at {@code output} looks at. */
  public int source(int output, int tap) {
    return output * stride - before + tap * dilation;
  }

  /** The first output position whose {@code tap} does not fall before the input. */
  public int firstInside(int tap) {
    return Math.clamp(Math.ceilDiv(before - tap * dilation, stride), 0, out);
  }

  /**
   * The first output position, at or after {@link #firstInside}, whose tap falls behind the input.
   */
  public int endInside(int tap) {
    int end = Math.floorDiv(in - 1 + before - tap * dilation, stride) + 1;
    return Math.clamp(end, firstInside(tap), out);
  }
}
