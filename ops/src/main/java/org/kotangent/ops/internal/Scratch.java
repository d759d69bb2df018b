package org.kotangent.ops.internal;

/**
 * Memory that a thread uses over and over while it works on a chunk, so that kernels allocate
 * nothing that grows with their operands. What is in it at first is whatever was left there.
 */
final class Scratch {
  private static final ThreadLocal<Scratch> MINE = ThreadLocal.withInitial(Scratch::new);

  private double[] first = {};
  private double[] second = {};
  private double[] third = {};
  private double[] fourth = {};
  private long[] integers = {};
  private long[] moreIntegers = {};

  private Scratch() {}

  /** That of the calling thread, for one kernel at a time. */
  static Scratch mine() {
    return MINE.get();
  }

  /** At least n numbers. */
  double[] first(int n) {
    if (first.length < n) {
      first = new double[n];
    }
    return first;
  }

  /** At least n numbers, beside the first. */
  double[] second(int n) {
    if (second.length < n) {
      second = new double[n];
    }
    return second;
  }

  /** At least n numbers, beside the first and the second. */
  double[] third(int n) {
    if (third.length < n) {
      third = new double[n];
    }
    return third;
  }

  /** At least n numbers, beside the other three. */
  double[] fourth(int n) {
    if (fourth.length < n) {
      fourth = new double[n];
    }
    return fourth;
  }

  /** At least n integers. */
  long[] integers(int n) {
    if (integers.length < n) {
      integers = new long[n];
    }
    return integers;
  }

  /** At least n integers, beside those. */
  long[] moreIntegers(int n) {
    if (moreIntegers.length < n) {
      moreIntegers = new long[n];
    }
    return moreIntegers;
  }
}
