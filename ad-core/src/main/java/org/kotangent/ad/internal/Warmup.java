package org.kotangent.ad.internal;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Has vector code compiled in the background. Before the second compiler has seen to it, a vector
 * operation is some hundred times slower than a scalar one; until then its caller uses scalar code
 * that computes the same bits.
 */
public final class Warmup {
  /** When to stop waiting for the compiler, in nanoseconds. */
  private static final long PATIENCE = 20_000_000_000L;

  private static final ExecutorService THREAD = thread();

  private Warmup() {}

  /**
   * Exercises vector code until it is fast.
   *
   * @param exercise runs it once, on numbers of its own
   * @param fast how long that takes at most when it is compiled, in nanoseconds
   * @param ready what to do then
   */
  public static void exercise(Runnable exercise, long fast, Runnable ready) {
    THREAD.execute(() -> {
      long start = System.nanoTime();
      long before = start;
      for (int quick = 0; quick < 3 && before - start < PATIENCE; ) {
        exercise.run();
        long now = System.nanoTime();
        quick = now - before < fast ? quick + 1 : 0;
        before = now;
      }
      ready.run();
    });
  }

  private static ExecutorService thread() {
    var executor =
        new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("kotangent-warmup").factory());
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }
}
