package org.kotangent.ops.internal;

import org.kotangent.ad.internal.Hot;

/**
 * An implementation in two forms of equal bits: plain Java for the first moments, and vector code
 * as soon as it has been optimised.
 *
 * @param <T> what they implement
 */
final class Warm<T> {
  private final T plain;
  private final T vector;
  private final Hot hot;

  /** The two forms, and how the second is exercised; see {@link Hot}. */
  Warm(T plain, T vector, int operations, Hot.Exercise exercise) {
    this.plain = plain;
    this.vector = vector;
    this.hot = new Hot(operations, exercise);
  }

  /** The better one for now. */
  T get() {
    return hot.is() ? vector : plain;
  }
}
