package org.kotangent.ad;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** Arrays that a thread uses over and over while it adds; what they held before is of no matter. */
final class Scratch {
  /** Doubles that are kept; more are rarely needed. */
  private static final int MOST = 1 << 16;

  private static final ThreadLocal<Scratch> MINE = ThreadLocal.withInitial(Scratch::new);

  private final Map<DType, Object[]> blocks = new EnumMap<>(DType.class);
  private double[] sums = new double[0];
  private double[] parts = new double[0];

  private Scratch() {}

  /** The arrays of the calling thread. */
  static Scratch mine() {
    return MINE.get();
  }

  /** Block {@code k} of a type; always of one size. */
  Object block(DType type, int k, int size) {
    Object[] known = blocks.getOrDefault(type, new Object[0]);
    if (known.length <= k) {
      known = Arrays.copyOf(known, k + 1);
      blocks.put(type, known);
    }
    if (known[k] == null) {
      known[k] = Arr.allocate(Spec.of(type, size)).data();
    }
    return known[k];
  }

  /** For the sums that a thread is adding to. */
  double[] sums(int size) {
    sums = fit(sums, size);
    return sums;
  }

  /** For the sums of parts, which other threads write as well. */
  double[] parts(int size) {
    if (size > MOST) {
      return new double[size];
    }
    parts = fit(parts, size);
    return parts;
  }

  private static double[] fit(double[] known, int size) {
    return known.length >= size ? known : new double[size];
  }
}
