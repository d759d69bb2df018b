package org.kotangent.ops.internal;

import java.util.stream.IntStream;

/**
 * A window sliding along one axis of an image: which input positions an output position looks at.
 *
 * @param in the size of the input
 * @param out the size of the output
 * @param taps the window's positions
 * @param stride the distance between two windows
 * @param dilation the distance between two positions of a window
 * @param before positions of padding in front of the input
 * @param after positions of padding behind it
 */
public record Taps(int in, int out, int taps, int stride, int dilation, int before, int after) {
  /** A window that looks at one position after the other. */
  static Taps single(int in) {
    return new Taps(in, in, 1, 1, 1, 0, 0);
  }

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

  /** The first tap of the window at {@code output} that lies inside the input. */
  public int firstTap(int output) {
    return Math.clamp(Math.ceilDiv(-source(output, 0), dilation), 0, taps);
  }

  /** The first tap, at or after {@link #firstTap}, that lies behind the input. */
  public int endTap(int output) {
    return Math.clamp(tapsBefore(output, in), firstTap(output), taps);
  }

  /** How many taps of the window at {@code output} lie inside the input, or also in its padding. */
  public int counted(int output, boolean countPadding) {
    return countPadding
        ? Math.clamp(tapsBefore(output, in + after), 0, taps)
        : endTap(output) - firstTap(output);
  }

  private int tapsBefore(int output, int end) {
    return Math.floorDiv(end - 1 - source(output, 0), dilation) + 1;
  }

  /** Whether every window looks at a position of the input. */
  public boolean everyWindowTouches() {
    return IntStream.range(0, out).allMatch(o -> firstTap(o) < endTap(o));
  }
}
