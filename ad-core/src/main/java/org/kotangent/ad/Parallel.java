package org.kotangent.ad;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Splits work over threads without changing results: the chunks depend on the work alone, never on
 * the number of threads, and what is combined over chunks is combined in their order.
 *
 * <p>The number of threads is that of the processors, or the system property {@code
 * kotangent.threads}, until {@link #use} sets another.
 */
public final class Parallel {
  /** Work on the elements from {@code from} (inclusive) to {@code to} (exclusive). */
  @FunctionalInterface
  public interface Chunk {
    /** Does the work. */
    void run(int from, int to);
  }

  /** Helpers beside the calling thread; an idle helper ends by itself. */
  private record Pool(int threads, Executor helpers) {
    static Pool of(int threads) {
      int helpers = Math.max(threads - 1, 1);
      var executor =
          new ThreadPoolExecutor(
              helpers,
              helpers,
              10,
              TimeUnit.SECONDS,
              new LinkedBlockingQueue<>(),
              Thread.ofPlatform().daemon().name("kotangent-", 1).factory());
      executor.allowCoreThreadTimeOut(true);
      return new Pool(threads, executor);
    }
  }

  private static final ThreadLocal<Boolean> WORKING = ThreadLocal.withInitial(() -> false);
  private static volatile Pool pool =
      Pool.of(Integer.getInteger("kotangent.threads", Runtime.getRuntime().availableProcessors()));

  private Parallel() {}

  /** Number of threads in use, the caller's included. */
  public static int threads() {
    return pool.threads();
  }

  /**
   * Uses the given number of threads from now on; results do not depend on it.
   *
   * @throws DomainException when it is not positive
   */
  public static void use(int threads) {
    if (threads < 1) {
      throw Checks.domain(
          "threads", "at least one is needed", Integer.toString(threads), "give a number ≥ 1");
    }
    pool = Pool.of(threads);
  }

  /**
   * Runs {@code body} over {@code [0, n)} in chunks of {@code grain} elements, the last one
   * shorter, and returns when all are done. Chunks may run at the same time, each exactly once;
   * calls made from within a chunk run on its thread.
   */
  public static void forEach(int n, int grain, Chunk body) {
    int chunks = Math.ceilDiv(n, grain);
    Pool current = pool;
    int helpers = WORKING.get() ? 0 : Math.min(current.threads(), chunks) - 1;
    if (helpers < 1) {
      for (int c = 0; c < chunks; c++) {
        run(body, n, grain, c);
      }
    } else {
      new Job(n, grain, chunks, body).start(current.helpers(), helpers);
    }
  }

  private static void run(Chunk body, int n, int grain, int chunk) {
    int from = chunk * grain;
    body.run(from, from + Math.min(grain, n - from));
  }

  private static final class Job {
    private final int n;
    private final int grain;
    private final int chunks;
    private final Chunk body;
    private final AtomicInteger next = new AtomicInteger();
    private final CountDownLatch unfinished;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    Job(int n, int grain, int chunks, Chunk body) {
      this.n = n;
      this.grain = grain;
      this.chunks = chunks;
      this.body = body;
      this.unfinished = new CountDownLatch(chunks);
    }

    void start(Executor executor, int helpers) {
      for (int i = 0; i < helpers; i++) {
        executor.execute(this::work);
      }
      work();
      boolean interrupted = false;
      while (unfinished.getCount() > 0) {
        try {
          unfinished.await();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      Throwable thrown = failure.get();
      if (thrown instanceof Error error) {
        throw error;
      }
      if (thrown instanceof RuntimeException exception) {
        throw exception;
      }
    }

    private void work() {
      WORKING.set(true);
      try {
        for (int c = next.getAndIncrement(); c < chunks; c = next.getAndIncrement()) {
          try {
            run(body, n, grain, c);
          } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
          } finally {
            unfinished.countDown();
          }
        }
      } finally {
        WORKING.set(false);
      }
    }
  }
}
