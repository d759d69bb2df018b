package org.kotangent.ad.internal;

import java.lang.System.Logger;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether vector code has been optimised. Before the second compiler has seen to it, a vector
 * operation is some hundred times slower than a scalar one; until then its caller uses scalar code
 * that computes the same bits, and a thread in the background exercises the vector code.
 *
 * <p>The compiler goes by numbers of calls and of turns of loops. So everything is called as often
 * as that takes and no more, all in turns; the queue of the compiler is what takes time, and the
 * thread sleeps meanwhile.
 */
public final class Hot {
  /**
   * What has code compiled.
   *
   * @param operations how many operations on vectors a turn of its loop has
   * @param turns runs it on numbers of its own, so many turns
   */
  public record Exercise(int operations, IntConsumer turns) {}

  /** The exercise of code that needs none. */
  public static final Exercise NOTHING = new Exercise(0, turns -> {});

  /** The most turns of a loop in an exercise. */
  public static final int TURNS = 1000;

  /**
   * The last call of so many takes turns; the others cost little and count for the compiler, too.
   */
  private static final int EVERY = 200;

  /** Calls that interest the second compiler. */
  private static final int SOME = 6_000;

  /** Nanoseconds of a visit, but for the last call: at first, and while the compiler is awaited. */
  private static final long VISIT = 300_000;

  private static final long GLANCE = 20_000;

  /** Nanoseconds between visits to everything. */
  private static final long PAUSE = 1_000_000;

  /** Nanoseconds for an operation on vectors that none takes that is not optimised. */
  private static final long FAST = 8;

  /** Nanoseconds to allow for a call and for taking the time. */
  private static final long CALL = 300;

  /** When to stop waiting for the compiler, in nanoseconds. */
  private static final long PATIENCE = 30_000_000_000L;

  private static final Logger LOG = System.getLogger(Hot.class.getName());
  private static final Queue<Hot> ARRIVED = new ConcurrentLinkedQueue<>();
  private static final AtomicBoolean RUNS = new AtomicBoolean();

  private final Supplier<Exercise> preparation;
  private final Consumer<Exercise> then;
  private final AtomicBoolean begun = new AtomicBoolean();
  private long start;
  private @Nullable Exercise exercise;
  private int calls;
  private volatile boolean is;

  /** The code of an exercise, which the thread in the background prepares. */
  public Hot(Supplier<Exercise> preparation) {
    this(preparation, exercise -> {});
  }

  /** The same, and what the thread does when it is optimised. */
  Hot(Supplier<Exercise> preparation, Consumer<Exercise> then) {
    this.preparation = preparation;
    this.then = then;
  }

  /** Whether it is; asked for the first time, the exercise begins. */
  public boolean is() {
    if (!is && !begun.getAndSet(true)) {
      ARRIVED.add(this);
      begin();
    }
    return is;
  }

  /** Waits until everything that has been asked for is, as tests and measurements may want. */
  public static void await() {
    while (RUNS.get() || !ARRIVED.isEmpty()) {
      LockSupport.parkNanos(PAUSE);
    }
  }

  private static void begin() {
    if (!ARRIVED.isEmpty() && RUNS.compareAndSet(false, true)) {
      Thread.ofPlatform().daemon().name("kotangent-warmup").start(Hot::visitAll);
    }
  }

  private static void visitAll() {
    Queue<Hot> cold = new ArrayDeque<>();
    do {
      boolean busy = false;
      for (Hot next = ARRIVED.poll(); next != null; next = ARRIVED.poll()) {
        cold.add(next);
      }
      for (int left = cold.size(); left > 0; left--) {
        Hot next = cold.remove();
        if (next.isVisited() && !next.is) {
          busy |= next.calls < SOME;
          cold.add(next);
        }
      }
      if (!busy) {
        LockSupport.parkNanos(PAUSE);
      }
    } while (!cold.isEmpty() || !ARRIVED.isEmpty());
    RUNS.set(false);
    begin();
  }

  /** False where that failed: its caller then goes on with scalar code. */
  private boolean isVisited() {
    try {
      visit();
      return true;
    } catch (RuntimeException | LinkageError e) {
      LOG.log(Logger.Level.WARNING, "vector code cannot be made; plain code computes the same", e);
      return false;
    }
  }

  private void visit() {
    if (exercise == null) {
      start = System.nanoTime();
      exercise = preparation.get();
    }
    long end = System.nanoTime() + (calls < SOME ? VISIT : GLANCE);
    do {
      exercise.turns().accept(calls % EVERY == EVERY - 1 ? TURNS : 0);
      calls++;
    } while (System.nanoTime() < end);
    is = (calls >= SOME && isFast(exercise) && isFast(exercise)) || end - start > PATIENCE;
    if (is) {
      then.accept(exercise);
      exercise = null;
    }
  }

  private static boolean isFast(Exercise exercise) {
    long before = System.nanoTime();
    exercise.turns().accept(TURNS);
    return System.nanoTime() - before < CALL + FAST * exercise.operations() * TURNS;
  }
}
