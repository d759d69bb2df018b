package org.kotangent.ops.internal;

import java.util.ArrayList;
import java.util.List;

/**
 * Memory that a thread uses over and over while it works on a chunk, so that kernels allocate
 * nothing that grows with their operands. What is in it at first is whatever was left there.
 */
final class Scratch {
  private static final ThreadLocal<Scratch> MINE = ThreadLocal.withInitial(Scratch::new);

  private final List<double[]> numbers = new ArrayList<>();
  private final List<long[]> integers = new ArrayList<>();

  private Scratch() {}

  /** That of the calling thread, for one kernel at a time. */
  static Scratch mine() {
    return MINE.get();
  }

  /** At least n numbers; each {@code which} has its own. */
  double[] numbers(int which, int n) {
    while (numbers.size() <= which) {
      numbers.add(new double[0]);
    }
    if (numbers.get(which).length < n) {
      numbers.set(which, new double[n]);
    }
    return numbers.get(which);
  }

  /** At least n integers; each {@code which} has its own. */
  long[] integers(int which, int n) {
    while (integers.size() <= which) {
      integers.add(new long[0]);
    }
    if (integers.get(which).length < n) {
      integers.set(which, new long[n]);
    }
    return integers.get(which);
  }
}
