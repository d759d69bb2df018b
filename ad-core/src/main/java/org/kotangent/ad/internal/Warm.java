package org.kotangent.ad.internal;

import java.util.function.Function;
import java.util.function.Supplier;
import org.kotangent.ad.internal.Hot.Exercise;

/**
 * Code in two forms of equal bits: a plain one for the first moments, and vector code as soon as it
 * has been generated and optimised, both in the background; see {@link Hot}.
 *
 * @param <T> what they implement
 */
public final class Warm<T> {
  private final T plain;
  private final Hot hot;

  // Written before hot becomes true, and read after that.
  private T vector;

  /** The plain form, what generates the other, and how that one is exercised. */
  public Warm(T plain, Supplier<T> generator, Function<T, Exercise> exercise) {
    this.plain = plain;
    this.vector = plain;
    this.hot =
        new Hot(() -> {
          vector = generator.get();
          return exercise.apply(vector);
        });
  }

  /** The better one for now. */
  public T get() {
    return hot.is() ? vector : plain;
  }
}
