package org.kotangent.ops.internal;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.kotangent.ad.internal.Warmup;

/**
 * Implementations of which each comes in two forms of equal bits: plain Java for the first moments,
 * and vector code as soon as it is compiled.
 *
 * @param <T> what they implement
 */
final class Warming<T> {
  /** How long an exercise takes at most when it is compiled, in nanoseconds. */
  private static final long FAST = 20_000;

  private final AtomicReferenceArray<@Nullable T> current;

  Warming(int places) {
    this.current = new AtomicReferenceArray<>(places);
  }

  /** The implementation in a place, if it has been made. */
  @Nullable T get(int place) {
    return current.get(place);
  }

  /** Makes the implementation in a place; for now it is the plain one. */
  T first(int place, T plain, Supplier<T> vector, Function<T, Runnable> exercise) {
    if (current.compareAndSet(place, null, plain)) {
      T compiled = vector.get();
      Warmup.exercise(exercise.apply(compiled), FAST, () -> current.set(place, compiled));
    }
    return plain;
  }
}
