package org.kotangent.ops.internal;

import java.util.concurrent.atomic.AtomicBoolean;
import org.kotangent.ad.internal.Warmup;

/** Whether vector code is compiled; until then its plain form computes the same bits. */
final class Hot {
  /** How long an exercise takes at most when it is compiled, in nanoseconds. */
  private static final long FAST = 20_000;

  private final Runnable exercise;
  private final AtomicBoolean begun = new AtomicBoolean();
  private volatile boolean is;

  /** The code that the exercise runs once, with little to do. */
  Hot(Runnable exercise) {
    this.exercise = exercise;
  }

  /** Whether it is; asked for the first time, the exercise begins in the background. */
  boolean is() {
    if (!is && !begun.getAndSet(true)) {
      Warmup.exercise(exercise, FAST, () -> is = true);
    }
    return is;
  }
}
