package org.kotangent.ad;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.kotangent.ad.internal.Processors;

/**
 * The threads that help a caller, one job at a time.
 *
 * <p>Waking a parked thread takes longer than many jobs do. A helper without work therefore looks
 * out for the next job for a moment before it parks; the regions of a training step follow each
 * other closely enough to find it awake. It is kept off the processor of who wakes it.
 */
final class Workers {
  /** How long a thread looks out before it parks, in nanoseconds. */
  private static final long PATIENCE = 100_000;

  private static final ThreadLocal<Boolean> WORKING = ThreadLocal.withInitial(() -> false);

  private final int threads;
  private final AtomicReference<@Nullable Job> current = new AtomicReference<>();
  private final List<Helper> helpers = new ArrayList<>();
  private volatile boolean closed;

  /** The calling thread and helpers, which start with the first job. */
  Workers(int threads) {
    this.threads = threads;
  }

  int threads() {
    return threads;
  }

  /** Ends the helpers when they have finished what they are doing. */
  void close() {
    closed = true;
    wake();
  }

  /**
   * Does a job with the help of the others; false if they are busy or the caller is one of them.
   */
  boolean share(Job job) {
    if (threads == 1 || WORKING.get() || !current.compareAndSet(null, job)) {
      return false;
    }
    wake();
    WORKING.set(true);
    try {
      job.help(0);
    } finally {
      WORKING.set(false);
      current.set(null);
    }
    job.await();
    return true;
  }

  private synchronized void wake() {
    if (helpers.isEmpty() && !closed) {
      for (int i = 1; i < threads; i++) {
        Helper helper = new Helper(i);
        helpers.add(helper);
        helper.thread.start();
      }
    }
    int processor = Processors.current();
    for (Helper helper : helpers) {
      helper.wake(processor);
    }
  }

  /** Looks out for a moment; whether the condition came true. */
  static boolean spinUntil(BooleanSupplier condition) {
    long start = System.nanoTime();
    do {
      for (int i = 0; i < 64; i++) {
        if (condition.getAsBoolean()) {
          return true;
        }
        Thread.onSpinWait();
      }
    } while (System.nanoTime() - start < PATIENCE);
    return condition.getAsBoolean();
  }

  private final class Helper implements Runnable {
    final Thread thread;
    private final int number;
    private volatile boolean parked;
    private volatile int processor = Processors.UNKNOWN;
    private volatile int id = Processors.UNKNOWN;
    private @Nullable Job last;

    Helper(int number) {
      this.number = number;
      thread = Thread.ofPlatform().daemon().name("kotangent-" + number).unstarted(this);
    }

    /** Has it look out for work, on another processor than that of who wakes it. */
    void wake(int processor) {
      if (processor != Processors.UNKNOWN && processor == this.processor) {
        Processors.keepOff(id, processor);
      }
      if (parked) {
        LockSupport.unpark(thread);
      }
    }

    @Override
    public void run() {
      WORKING.set(true);
      id = Processors.thread();
      while (!closed) {
        if (!spinUntil(this::seesWork)) {
          parked = true;
          while (!seesWork()) {
            LockSupport.park(Workers.this);
          }
          parked = false;
        }
        processor = Processors.current();
        Job job = current.get();
        if (job != null) {
          last = job;
          job.help(number);
        }
      }
      id = Processors.UNKNOWN; // The number may soon be that of another thread.
    }

    /** Whether there is a job not looked at before; forgets a job that is over. */
    private boolean seesWork() {
      Job job = current.get();
      if (job == null) {
        last = null;
      }
      return closed || (job != null && job != last);
    }
  }
}
