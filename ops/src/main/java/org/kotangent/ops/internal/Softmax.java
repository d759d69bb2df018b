package org.kotangent.ops.internal;

import org.kotangent.ad.Arr;

/**
 * Softmax and what is made of it, slice by slice, in double and rounded once.
 *
 * <p>The largest number m of a slice is subtracted first, so no exponential overflows. Numbers
 * equal to m count e⁰ = 1 even where m is +∞, which is the limit; where all are −∞ every
 * exponential counts 0.
 */
public final class Softmax {
  private Softmax() {}

  /** Writes eˣ⁻ᵐ / Σ eˣ⁻ᵐ; zeros where all numbers are −∞. */
  public static void softmax(Slices slices, Arr x, Arr y) {
    slices.forEach((from, to) -> {
      double[] row = new double[slices.length()];
      for (int s = from; s < to; s++) {
        Wide.gather(x, slices.start(s), slices.offsets(), row);
        double max = max(row);
        double sum = 0;
        for (int i = 0; i < row.length; i++) {
          row[i] = exponential(row[i], max);
          sum += row[i];
        }
        double scale = sum == 0 ? 0 : 1 / sum;
        for (int i = 0; i < row.length; i++) {
          row[i] *= scale;
        }
        Wide.scatter(row, y, slices.start(s), slices.offsets());
      }
    });
  }

  /** Writes x − m − ln Σ eˣ⁻ᵐ; −∞ where all numbers are −∞. */
  public static void logSoftmax(Slices slices, Arr x, Arr y) {
    slices.forEach((from, to) -> {
      double[] row = new double[slices.length()];
      for (int s = from; s < to; s++) {
        Wide.gather(x, slices.start(s), slices.offsets(), row);
        logarithms(row);
        Wide.scatter(row, y, slices.start(s), slices.offsets());
      }
    });
  }

  /** Writes −ln softmax(x)[label] of each slice. Labels must be in range. */
  public static void crossEntropy(Slices slices, Arr x, int[] labels, Arr y) {
    slices.forEach((from, to) -> {
      double[] row = new double[slices.length()];
      for (int s = from; s < to; s++) {
        Wide.gather(x, slices.start(s), slices.offsets(), row);
        logarithms(row);
        y.set(s, 0 - row[labels[s]]);
      }
    });
  }

  /** Writes −Σ t·ln softmax(x) of each slice, where t = 0 counts nothing. */
  public static void crossEntropy(Slices slices, Arr x, Arr targets, Arr y) {
    slices.forEach((from, to) -> {
      double[] row = new double[slices.length()];
      for (int s = from; s < to; s++) {
        Wide.gather(x, slices.start(s), slices.offsets(), row);
        logarithms(row);
        double sum = 0;
        for (int i = 0; i < row.length; i++) {
          double t = targets.get(slices.start(s) + slices.offsets()[i]);
          sum -= t == 0 ? 0 : t * row[i];
        }
        y.set(s, sum);
      }
    });
  }

  /** Replaces numbers by the logarithms of their softmax. */
  private static void logarithms(double[] row) {
    double max = max(row);
    double sum = 0;
    for (double x : row) {
      sum += exponential(x, max);
    }
    double log = Math.log(sum);
    for (int i = 0; i < row.length; i++) {
      row[i] = sum == 0 ? Double.NEGATIVE_INFINITY : difference(row[i], max) - log;
    }
  }

  private static double exponential(double x, double max) {
    return max == Double.NEGATIVE_INFINITY ? 0 : Math.exp(difference(x, max));
  }

  private static double difference(double x, double max) {
    return x == max ? 0 : x - max;
  }

  private static double max(double[] row) {
    double max = Double.NEGATIVE_INFINITY;
    for (double x : row) {
      max = Math.max(max, x);
    }
    return max;
  }
}
