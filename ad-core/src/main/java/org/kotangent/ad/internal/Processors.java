package org.kotangent.ad.internal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * On which processors threads run, on Linux where native access is allowed.
 *
 * <p>A kernel may wake a thread on the processor of who wakes it though another one idles, where
 * they take turns instead of working together. So who wakes a helper has it kept off.
 */
public final class Processors {
  /** Bytes of a set of processors, a bit for each. */
  private static final int SIZE = 128;

  /** No processor. */
  public static final int UNKNOWN = -1;

  private static final @Nullable Processors PRESENT = find();

  private static final @Nullable MethodHandle CURRENT = PRESENT == null ? null : PRESENT.current;

  private final MethodHandle current;
  private final MethodHandle thread;
  private final MethodHandle setAffinity;
  private final byte[] allowed;

  private Processors(MethodHandle current, MethodHandle thread, MethodHandle set, byte[] allowed) {
    this.current = current;
    this.thread = thread;
    this.setAffinity = set;
    this.allowed = allowed;
  }

  private static @Nullable Processors find() {
    boolean linux = System.getProperty("os.name", "").equals("Linux");
    if (!linux || !Processors.class.getModule().isNativeAccessEnabled()) {
      return null;
    }
    try {
      byte[] allowed = new byte[SIZE];
      int size =
          (int)
              c("sched_getaffinity", JAVA_INT, JAVA_LONG, ADDRESS)
                  .invokeExact(0, (long) SIZE, MemorySegment.ofArray(allowed));
      var present =
          new Processors(
              c("sched_getcpu"),
              c("gettid"),
              c("sched_setaffinity", FunctionDescriptor.ofVoid(JAVA_INT, JAVA_LONG, ADDRESS)),
              allowed);
      return size < 0 ? null : present;
    } catch (Throwable e) {
      return null; // Another C library, or a system that does not allow it: threads run anywhere.
    }
  }

  private static MethodHandle c(String name, ValueLayout... parameters) {
    return c(name, FunctionDescriptor.of(JAVA_INT, parameters));
  }

  private static MethodHandle c(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), type, Linker.Option.critical(true));
  }

  /** The processor of the calling thread, or {@link #UNKNOWN}. */
  public static int current() {
    MethodHandle current = CURRENT;
    try {
      return current == null ? UNKNOWN : (int) current.invokeExact();
    } catch (Throwable e) {
      throw new IllegalStateException("sched_getcpu failed", e);
    }
  }

  /** The operating system's number of the calling thread. */
  public static int thread() {
    Processors present = PRESENT;
    try {
      return present == null ? UNKNOWN : (int) present.thread.invokeExact();
    } catch (Throwable e) {
      throw new IllegalStateException("gettid failed", e);
    }
  }

  /** Has a thread run on any processor that the process may use but one, if there are others. */
  public static void keepOff(int thread, int processor) {
    Processors present = PRESENT;
    if (present != null && thread != UNKNOWN && processor != UNKNOWN) {
      present.exclude(thread, processor);
    }
  }

  private void exclude(int thread, int processor) {
    byte[] others = allowed.clone();
    others[processor / Byte.SIZE] &= (byte) ~(1 << processor % Byte.SIZE);
    int left = 0;
    for (byte some : others) {
      left |= some;
    }
    if (left != 0) {
      try {
        // Whether it succeeds does not matter: a system that says no leaves things as they are.
        setAffinity.invokeExact(thread, (long) SIZE, MemorySegment.ofArray(others));
      } catch (Throwable e) {
        throw new IllegalStateException("sched_setaffinity failed", e);
      }
    }
  }
}
