package org.kotangent.ad;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Work in chunks. Each thread begins with a part of its own, the same one in each job of that size,
 * so that it finds in its caches what it has left there; who is done takes what others have left.
 */
final class Job {
  private final int n;
  private final int grain;
  private final int chunks;
  private final Parallel.Chunk body;
  private final Thread owner = Thread.currentThread();
  private final int parts;
  private final AtomicIntegerArray next;
  private final AtomicInteger unfinished;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile boolean waiting;

  Job(int n, int grain, int threads, Parallel.Chunk body) {
    this.n = n;
    this.parts = threads;
    this.next = new AtomicIntegerArray(threads);
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

  /** Does chunks as long as there are any, first those of a thread's part. */
  void help(int thread) {
    for (int i = 0; i < parts; i++) {
      int part = (thread + i) % parts;
      int start = start(part);
      int count = start(part + 1) - start;
      for (int c = next.getAndIncrement(part); c < count; c = next.getAndIncrement(part)) {
        attempt(start + c);
      }
    }
  }

  private int start(int part) {
    return (int) ((long) part * chunks / parts);
  }

  /** Does a chunk; what it throws is kept for the owner. */
  private void attempt(int chunk) {
    try {
      run(chunk);
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    } finally {
      if (unfinished.decrementAndGet() == 0 && waiting) {
        LockSupport.unpark(owner);
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
