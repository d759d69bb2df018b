package org.kotangent.ops.internal;

import org.kotangent.ad.Arr;

/**
 * Softmax and what is made of it, slice by slice, in double and rounded once.
 *
 * <p>The largest number m of a slice is subtracted first, so no exponential overflows; see {@link
 * Exponentials} for infinite ones.
 */
public final class Softmax {
  private Softmax() {}

  /** Writes eˣ⁻ᵐ / Σ eˣ⁻ᵐ; zeros where all numbers are −∞. */
  public static void softmax(Slices slices, Arr x, Arr y) {
    Exponentials.forEach(
        slices,
        x,
        e -> {
          for (int r = 0; r < e.rows(); r++) {
            e.normalise(r);
          }
          e.write(y);
        });
  }

  /** Writes x − m − ln Σ eˣ⁻ᵐ; −∞ where all numbers are −∞. */
  public static void logSoftmax(Slices slices, Arr x, Arr y) {
    Exponentials.forEach(
        slices,
        x,
        e -> {
          e.logarithms();
          e.write(y);
        });
  }

  /** Writes −ln softmax(x)[label] of each slice. Labels must be in range. */
  public static void crossEntropy(Slices slices, Arr x, int[] labels, Arr y) {
    Exponentials.forEach(
        slices,
        x,
        e -> {
          for (int r = 0; r < e.rows(); r++) {
            int s = e.slice(r);
            double number = x.get(slices.at(s, labels[s]));
            y.set(s, 0 - e.logarithm(r, number, e.logarithm(r)));
          }
        });
  }

  /** Writes −Σ t·ln softmax(x) of each slice, where t = 0 counts nothing. */
  public static void crossEntropy(Slices slices, Arr x, Arr targets, Arr y) {
    Exponentials.forEach(
        slices,
        x,
        e -> {
          e.logarithms();
          for (int r = 0; r < e.rows(); r++) {
            int s = e.slice(r);
            double sum = 0;
            for (int i = 0; i < slices.length(); i++) {
              double t = targets.get(slices.at(s, i));
              sum -= t == 0 ? 0 : t * e.get(r, i);
            }
            y.set(s, sum);
          }
        });
  }

  /**
   * Writes softmax(x) − onehot(label). At the label it is minus the sum of the other probabilities,
   * which keeps its digits where the label is almost certain. Labels must be in range.
   */
  public static void minusOneHot(Slices slices, Arr x, int[] labels, Arr y) {
    Exponentials.forEach(
        slices,
        x,
        e -> {
          for (int r = 0; r < e.rows(); r++) {
            int label = labels[e.slice(r)];
            if (e.normalise(r)) {
              e.balance(r, label);
            } else {
              e.set(r, label, -1);
            }
          }
          e.write(y);
        });
  }
}
