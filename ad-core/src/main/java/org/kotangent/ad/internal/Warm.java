package org.kotangent.ad.internal;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.kotangent.ad.internal.Hot.Exercise;

/**
 * Code in several forms of equal bits: a plain one for the first moments, and vector code as soon
 * as it has been generated and optimised, both in the background; see {@link Hot}. Where there are
 * several forms of vector code, the others follow when the compiler has little else to do, and the
 * one that turns out to be the fastest here stays.
 *
 * @param <T> what they implement
 */
public final class Warm<T> {
  /** When the next form is tried, in seconds: by then a program has been compiled. */
  private static final int LATER = 10;

  private final T plain;
  private final Function<T, Exercise> exercise;
  private final Hot hot;
  private volatile T vector;

  /** The plain form, what generates the other, and how that one is exercised. */
  public Warm(T plain, Supplier<T> generator, Function<T, Exercise> exercise) {
    this(plain, List.of(generator), exercise);
  }

  /** The plain form, what generates the others, the first one first, and how they are exercised. */
  public Warm(T plain, List<Supplier<T>> generators, Function<T, Exercise> exercise) {
    this.plain = plain;
    this.vector = plain;
    this.exercise = exercise;
    Iterator<Supplier<T>> rest = generators.iterator();
    Supplier<T> first = rest.next();
    this.hot =
        new Hot(
            () -> {
              vector = first.get();
              return exercise.apply(vector);
            },
            fastest -> tryNext(rest, fastest));
  }

  private void tryNext(Iterator<Supplier<T>> rest, Exercise fastest) {
    if (rest.hasNext()) {
      var later = CompletableFuture.delayedExecutor(LATER, TimeUnit.SECONDS);
      later.execute(() -> compete(rest, fastest));
    }
  }

  private void compete(Iterator<Supplier<T>> rest, Exercise fastest) {
    AtomicReference<T> rival = new AtomicReference<>();
    var rivals =
        new Hot(
            () -> {
              rival.set(rest.next().get());
              return exercise.apply(rival.get());
            },
            its -> {
              boolean wins = Race.wins(its, fastest);
              if (wins) {
                vector = rival.get();
              }
              tryNext(rest, wins ? its : fastest);
            });
    rivals.is();
  }

  /** The better one for now. */
  public T get() {
    return hot.is() ? vector : plain;
  }
}
