package org.kotangent.ad;

import org.kotangent.ad.internal.RunSumCode;

/**
 * Sums of contiguous runs of numbers, in double. Numbers go to eight sums in turn, those of double
 * precision to four; these are added by halves, then what is left of the run one by one.
 */
final class RunSum {
  /** The longest run; longer ones are added in pieces. */
  static final int MOST = 1 << 12;

  private RunSum() {}

  /**
   * Adds the sums of runs that follow each other in memory, each to a number of its own.
   *
   * @param data the Java array of numbers of the given type
   * @param from where the first run begins
   * @param length numbers of a run, at most {@link #MOST}
   * @param runs how many runs
   * @param sums where sums are added, from {@code first} on
   */
  static void add(
      DType type, Object data, int from, int length, int runs, double[] sums, int first) {
    if (type == DType.F32 && RunSumCode.isWorth(length)) {
      RunSumCode.add((float[]) data, from, length, runs, sums, first);
      return;
    }
    for (int i = 0; i < runs; i++) {
      int start = from + i * length;
      sums[first + i] += of(type, data, start, start + length);
    }
  }

  private static double of(DType type, Object data, int from, int to) {
    return switch (type) {
      case F32 -> of((float[]) data, from, to);
      case F64 -> of((double[]) data, from, to);
      case I32 -> of((int[]) data, from, to);
      case BOOL -> of((boolean[]) data, from, to);
    };
  }

  private static double of(float[] x, int from, int to) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    double e = 0;
    double f = 0;
    double g = 0;
    double h = 0;
    int i = from;
    for (; i + 31 < to; i += 32) {
      a += four(x, i);
      b += four(x, i + 1);
      c += four(x, i + 2);
      d += four(x, i + 3);
      e += four(x, i + 4);
      f += four(x, i + 5);
      g += four(x, i + 6);
      h += four(x, i + 7);
    }
    for (; i + 7 < to; i += 8) {
      a += x[i];
      b += x[i + 1];
      c += x[i + 2];
      d += x[i + 3];
      e += x[i + 4];
      f += x[i + 5];
      g += x[i + 6];
      h += x[i + 7];
    }
    double sum = ((a + e) + (c + g)) + ((b + f) + (d + h));
    for (; i < to; i++) {
      sum += x[i];
    }
    return sum;
  }

  /** The sum of four numbers, each eight further on. */
  private static double four(float[] x, int i) {
    return ((double) x[i] + x[i + 8]) + ((double) x[i + 16] + x[i + 24]);
  }

  private static double of(double[] x, int from, int to) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = from;
    for (; i + 7 < to; i += 8) {
      a += x[i] + x[i + 4];
      b += x[i + 1] + x[i + 5];
      c += x[i + 2] + x[i + 6];
      d += x[i + 3] + x[i + 7];
    }
    double sum = (a + c) + (b + d);
    for (; i < to; i++) {
      sum += x[i];
    }
    return sum;
  }

  private static double of(int[] x, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += x[i];
    }
    return sum;
  }

  private static double of(boolean[] x, int from, int to) {
    int sum = 0;
    for (int i = from; i < to; i++) {
      sum += x[i] ? 1 : 0;
    }
    return sum;
  }
}
