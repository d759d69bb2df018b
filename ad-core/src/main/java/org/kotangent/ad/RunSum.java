package org.kotangent.ad;

import java.util.Arrays;

/**
 * Adds runs of numbers, each in one or several pieces, in double. How a run is cut into pieces
 * makes no difference to the sum.
 *
 * <p>Number i of a run of single precision goes to sum i mod {@link #LANES}, or i mod 4 where the
 * run is short; of double precision to sum i mod 4, two by two.
 */
final class RunSum {
  /** Pieces of a run that is not over yet are multiples of this. */
  static final int LEAP = 256;

  /** Sums that C2 turns into vector instructions: it knows doubles are not where floats are. */
  static final int LANES = LEAP / 4;

  private final DType type;
  private final double[] lanes;
  private final int first;
  private final boolean isLong;
  private double sum;
  private double a;
  private double b;
  private double c;
  private double d;

  /** For runs of the given type and length, with {@link #LANES} zeros of an array to count in. */
  RunSum(DType type, int length, double[] lanes, int first) {
    this.type = type;
    this.lanes = lanes;
    this.first = first;
    this.isLong = type == DType.F32 && length >= LANES;
  }

  /** Adds a piece of a run; {@code last} says whether the run ends with it. */
  void add(Object data, int from, int count, boolean last) {
    switch (type) {
      case F32 -> {
        float[] x = (float[]) data;
        int rest = isLong ? count % LANES : count;
        add(x, from, from + count - rest, lanes, first);
        sum += ofShort(x, from + count - rest, from + count);
      }
      case F64 -> add((double[]) data, from, from + count);
      case I32 -> {
        int[] x = (int[]) data;
        for (int i = from; i < from + count; i++) {
          a += x[i];
        }
      }
      case BOOL -> {
        boolean[] x = (boolean[]) data;
        for (int i = from; i < from + count; i++) {
          a += x[i] ? 1 : 0;
        }
      }
    }
    if (last) {
      sum += a + b + (c + d);
      a = 0;
      b = 0;
      c = 0;
      d = 0;
    }
  }

  private static void add(float[] x, int from, int to, double[] lanes, int lane) {
    int i = from;
    for (; i + LEAP <= to; i += LEAP) {
      for (int j = 0, p = i; j < LANES; j++, p++) {
        double first = (double) x[p] + x[p + LANES];
        double second = (double) x[p + 2 * LANES] + x[p + 3 * LANES];
        lanes[lane + j] += first + second;
      }
    }
    for (; i < to; i += LANES) {
      for (int j = 0; j < LANES; j++) {
        lanes[lane + j] += x[i + j];
      }
    }
  }

  /** The sum of a short run. */
  static double ofShort(float[] x, int from, int to) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = from;
    for (; i + 3 < to; i += 4) {
      a += x[i];
      b += x[i + 1];
      c += x[i + 2];
      d += x[i + 3];
    }
    for (; i < to; i++) {
      a += x[i];
    }
    return a + b + (c + d);
  }

  private void add(double[] x, int from, int to) {
    double s = a;
    double t = b;
    double u = c;
    double v = d;
    int i = from;
    for (; i + 7 < to; i += 8) {
      s += x[i] + x[i + 4];
      t += x[i + 1] + x[i + 5];
      u += x[i + 2] + x[i + 6];
      v += x[i + 3] + x[i + 7];
    }
    for (; i < to; i++) {
      s += x[i];
    }
    a = s;
    b = t;
    c = u;
    d = v;
  }

  /** The sum of the runs so far; then begins anew. */
  double total() {
    double total = sum;
    sum = 0;
    return isLong ? total + totalOfLanes() : total;
  }

  /** The lanes added by halves; leaves them empty. */
  private double totalOfLanes() {
    for (int half = LANES / 2; half > 0; half /= 2) {
      for (int j = first; j < first + half; j++) {
        lanes[j] += lanes[j + half];
      }
    }
    double total = lanes[first];
    Arrays.fill(lanes, first, first + LANES, 0);
    return total;
  }
}
