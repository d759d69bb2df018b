package org.kotangent.ops;

import org.kotangent.ad.DomainException;

/**
 * How many rows and columns a window may reach beyond each edge of an image.
 *
 * @param top rows above the first
 * @param bottom rows below the last
 * @param left columns before the first
 * @param right columns behind the last
 */
public record Padding(int top, int bottom, int left, int right) {
  /**
   * Checks the numbers.
   *
   * @throws DomainException when one is negative
   */
  public Padding {
    if (top < 0 || bottom < 0 || left < 0 || right < 0) {
      throw Checks.domain(
          "padding",
          "must not be negative",
          "top: " + top + ", bottom: " + bottom + ", left: " + left + ", right: " + right,
          "crop with slice instead");
    }
  }

  /** No padding. */
  public static Padding none() {
    return of(0);
  }

  /** The same padding at every edge. */
  public static Padding of(int all) {
    return new Padding(all, all, all, all);
  }
}
