package org.kotangent.ad;

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

  private static final String PROPERTY = "kotangent.threads";

  private static volatile Workers workers = new Workers(configured());

  private Parallel() {}

  /** Number of threads in use, the caller's included. */
  public static int threads() {
    return workers.threads();
  }

  /**
   * Uses the given number of threads from now on; results do not depend on it.
   *
   * @throws DomainException when it is not positive
   */
  public static synchronized void use(int threads) {
    if (threads < 1) {
      throw refused("threads", Integer.toString(threads));
    }
    if (threads != workers.threads()) {
      workers.close();
      workers = new Workers(threads);
    }
  }

  private static int configured() {
    String wanted = System.getProperty(PROPERTY, "");
    if (wanted.isEmpty()) {
      return Runtime.getRuntime().availableProcessors();
    }
    if (!wanted.matches("0*[1-9][0-9]{0,5}")) {
      throw refused(PROPERTY, wanted);
    }
    return Integer.parseInt(wanted);
  }

  private static DomainException refused(String what, String got) {
    return Checks.domain(what, "at least one is needed", got, "give a number ≥ 1");
  }

  /**
   * Runs {@code body} over {@code [0, n)} in chunks of {@code grain} elements, the last one
   * shorter, and returns when all are done. Chunks may run at the same time, each exactly once;
   * calls made from within a chunk run on its thread, and so do calls made while the helpers are
   * busy for somebody else.
   */
  public static void forEach(int n, int grain, Chunk body) {
    if (n <= grain) {
      if (n > 0) {
        body.run(0, n);
      }
      return;
    }
    Workers present = workers;
    Job job = new Job(n, grain, present.threads(), body);
    if (!present.share(job)) {
      job.runAlone();
    }
  }
}
