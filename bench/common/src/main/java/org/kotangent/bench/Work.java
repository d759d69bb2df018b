package org.kotangent.bench;

import java.util.Map;

/** A task as one contender does it, ready to be done. */
public sealed interface Work {
  /** Work that is done over and over. */
  non-sealed interface Repeated extends Work {
    /** Does it once. */
    void run();

    /**
     * Results by name, the same names and layouts for all contenders; for a training step the
     * parameters after three steps.
     */
    Map<String, double[]> results();

    /** Waits for what makes it ready in the background, once it has been done for a while. */
    default void settle() {}

    /** The number of operations in a run, by which its time is divided. */
    default int operations() {
      return 1;
    }

    /**
     * Bytes on the heap of the results that a run hands out; what else it allocates is overhead.
     */
    default long resultBytes() {
      return 0;
    }
  }

  /** Work that looks at the clock by itself. */
  non-sealed interface Measured extends Work {
    /** Does it and tells what was measured, in seconds and bytes. */
    void run(Report report);
  }

  /** Where measurements go. */
  @FunctionalInterface
  interface Report {
    /** One measurement. */
    void add(String name, double number);
  }

  /** Who does tasks. It has a public constructor without parameters. */
  interface Contender {
    /** The task made ready. */
    Work prepare(Task task) throws Exception;
  }
}
