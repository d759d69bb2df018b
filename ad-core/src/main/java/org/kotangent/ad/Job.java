package org.kotangent.ad;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Work in chunks, of which any thread may take the next one. */
final class Job {
  private final int n;
  private final int grain;
  private final int chunks;
  private final Parallel.Chunk body;
  private final Thread owner = Thread.currentThread();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger unfinished;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile boolean waiting;

  Job(int n, int grain, Parallel.Chunk body) {
    this.n = n;
    this.grain = grain;
    this.chunks = Math.ceilDiv(n, grain);
    this.body = body;
    this.unfinished = new AtomicInteger(chunks);
  }

  /** Does all chunks on the calling thread, in their order. */
  void runAlone() {
    for (int c = 0; c < chunks; c++) {
      run(c);
    }
  }

  /** Does chunks as long as there are any. What one throws is kept for the owner. */
  void help() {
    for (int c = next.getAndIncrement(); c < chunks; c = next.getAndIncrement()) {
      try {
        run(c);
      } catch (RuntimeException | Error e) {
        failure.compareAndSet(null, e);
      } finally {
        if (unfinished.decrementAndGet() == 0 && waiting) {
          LockSupport.unpark(owner);
        }
      }
    }
  }

  /** Waits until all chunks are done, and throws what one of them has thrown. */
  void await() {
    if (unfinished.get() > 0 && !Workers.spinUntil(() -> unfinished.get() == 0)) {
      waiting = true;
      boolean interrupted = false;
      while (unfinished.get() > 0) {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
      if (interrupted) {
        owner.interrupt();
      }
    }
    Throwable thrown = failure.get();
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown instanceof RuntimeException exception) {
      throw exception;
    }
  }

  private void run(int chunk) {
    int from = chunk * grain;
    body.run(from, from + Math.min(grain, n - from));
  }
}
