package org.kotangent.ad.internal;

import org.kotangent.ad.internal.Hot.Exercise;

/**
 * Which of two exercises is faster. They take turns, and the least times count: what else runs on
 * the machine makes some runs slower and none faster.
 */
final class Race {
  private static final int RUNS = 300;

  /** Calls of one run, and turns of each: long enough for the clock, and within the first cache. */
  private static final int CALLS = 8;

  private static final int TURNS = 256;

  /** What a rival's time must be less than, as a part of the other's. */
  private static final double CLEARLY = 0.97;

  private Race() {}

  /** Whether a rival is clearly faster. */
  static boolean wins(Exercise rival, Exercise other) {
    long its = Long.MAX_VALUE;
    long others = Long.MAX_VALUE;
    for (int run = 0; run < RUNS; run++) {
      its = Math.min(its, time(rival));
      others = Math.min(others, time(other));
    }
    return its < CLEARLY * others;
  }

  private static long time(Exercise exercise) {
    long before = System.nanoTime();
    for (int call = 0; call < CALLS; call++) {
      exercise.turns().accept(TURNS);
    }
    return System.nanoTime() - before;
  }
}
