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

  /** What is done with the numbers of a slice. */
  private interface Row {
    void accept(int slice, double[] row);
  }

  private static void forEachRow(Slices slices, Arr x, Row body) {
    slices.forEach((from, to) -> {
      double[] row = new double[slices.length()];
      for (int s = from; s < to; s++) {
        Wide.gather(x, slices.start(s), slices.offsets(), row);
        body.accept(s, row);
      }
    });
  }

  /** Writes eˣ⁻ᵐ / Σ eˣ⁻ᵐ; zeros where all numbers are −∞. */
  public static void softmax(Slices slices, Arr x, Arr y) {
    forEachRow(
        slices,
        x,
        (s, row) -> {
          probabilities(row);
          Wide.scatter(row, y, slices.start(s), slices.offsets());
        });
  }

  /** Writes x − m − ln Σ eˣ⁻ᵐ; −∞ where all numbers are −∞. */
  public static void logSoftmax(Slices slices, Arr x, Arr y) {
    forEachRow(
        slices,
        x,
        (s, row) -> {
          logarithms(row);
          Wide.scatter(row, y, slices.start(s), slices.offsets());
        });
  }

  /** Writes −ln softmax(x)[label] of each slice. Labels must be in range. */
  public static void crossEntropy(Slices slices, Arr x, int[] labels, Arr y) {
    forEachRow(
        slices,
        x,
        (s, row) -> {
          logarithms(row);
          y.set(s, 0 - row[labels[s]]);
        });
  }

  /** Writes −Σ t·ln softmax(x) of each slice, where t = 0 counts nothing. */
  public static void crossEntropy(Slices slices, Arr x, Arr targets, Arr y) {
    int[] offsets = slices.offsets();
    forEachRow(
        slices,
        x,
        (s, row) -> {
          logarithms(row);
          double sum = 0;
          for (int i = 0; i < row.length; i++) {
            double t = targets.get(slices.start(s) + offsets[i]);
            sum -= t == 0 ? 0 : t * row[i];
          }
          y.set(s, sum);
        });
  }

  /**
   * Writes softmax(x) − onehot(label). At the label it is minus the sum of the other probabilities,
   * which keeps its digits where the label is almost certain. Labels must be in range.
   */
  public static void minusOneHot(Slices slices, Arr x, int[] labels, Arr y) {
    forEachRow(
        slices,
        x,
        (s, row) -> {
          boolean possible = probabilities(row);
          double others = 0;
          for (int i = 0; i < row.length; i++) {
            others += i == labels[s] ? 0 : row[i];
          }
          row[labels[s]] = possible ? 0 - others : -1;
          Wide.scatter(row, y, slices.start(s), slices.offsets());
        });
  }

  /** Replaces numbers by their softmax; false where all are −∞. */
  private static boolean probabilities(double[] row) {
    double max = row[top(row)];
    double sum = 0;
    for (int i = 0; i < row.length; i++) {
      row[i] = exponential(row[i], max);
      sum += row[i];
    }
    double scale = sum == 0 ? 0 : 1 / sum;
    for (int i = 0; i < row.length; i++) {
      row[i] *= scale;
    }
    return sum != 0;
  }

  /**
   * Replaces numbers by the logarithms of their softmax. The largest is left out of the sum of
   * exponentials, so that ln(1 + rest) keeps the digits of a small rest.
   */
  private static void logarithms(double[] row) {
    int top = top(row);
    double max = row[top];
    double rest = 0;
    for (int i = 0; i < row.length; i++) {
      rest += i == top ? 0 : exponential(row[i], max);
    }
    double log = Math.log1p(rest);
    for (int i = 0; i < row.length; i++) {
      row[i] =
          max == Double.NEGATIVE_INFINITY
              ? Double.NEGATIVE_INFINITY
              : difference(row[i], max) - log;
    }
  }

  private static double exponential(double x, double max) {
    return max == Double.NEGATIVE_INFINITY ? 0 : Math.exp(difference(x, max));
  }

  private static double difference(double x, double max) {
    return x == max ? 0 : x - max;
  }

  /** Where the first of the largest numbers is; a NaN counts as the largest. */
  private static int top(double[] row) {
    int top = 0;
    for (int i = 1; i < row.length; i++) {
      if (row[i] > row[top] || Double.isNaN(row[i])) {
        top = i;
      }
    }
    return top;
  }
}
