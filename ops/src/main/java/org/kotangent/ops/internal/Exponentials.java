package org.kotangent.ops.internal;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.kotangent.ad.Arr;
import org.kotangent.ad.DType;
import org.kotangent.ad.Primitive;
import org.kotangent.ad.ScalarOp;
import org.kotangent.ad.Spec;
import org.kotangent.ad.internal.FormulaMath;

/**
 * Slices of an array as rows of eˣ⁻ᵐ in double, m being the largest number of a slice. Short rows
 * come several at a time, so that a loop over vectors has something to do.
 *
 * <p>Numbers equal to m count e⁰ = 1 even where m is +∞, which is the limit; where all are −∞ every
 * exponential counts 0; with a NaN in it, the sum of a row is NaN.
 */
final class Exponentials {
  /** Numbers that are worth a loop over vectors, and stay in the first cache. */
  private static final int BLOCK = 1024;

  /** Numbers from which a loop is worth its call. */
  private static final int FEW = 32;

  private static final int MOST_KEPT = 4;

  private static final ThreadLocal<Queue<Arr>> KEPT = ThreadLocal.withInitial(ArrayDeque::new);

  private static final Primitive EXP = ScalarOp.EXP.primitive();

  private final Slices slices;
  private final Arr x;
  private final Arr[] block;
  private final double[] numbers;
  private final double[] largest;
  private final int length;
  private int first;

  private Exponentials(Slices slices, Arr x, int rows) {
    this.slices = slices;
    this.x = x;
    this.length = slices.length();
    this.block = new Arr[] {kept(rows * length)};
    this.numbers = block[0].f64();
    this.largest = new double[rows];
  }

  /** An array of the calling thread, of which it keeps a few: for whole blocks and for the last. */
  private static Arr kept(int size) {
    Queue<Arr> kept = KEPT.get();
    for (Arr arr : kept) {
      if (arr.size() == size) {
        return arr;
      }
    }
    if (kept.size() == MOST_KEPT) {
      kept.remove();
    }
    Arr made = Arr.allocate(Spec.of(DType.F64, size));
    kept.add(made);
    return made;
  }

  /** Computes the rows of all slices; the body has some of them at a time. */
  static void forEach(Slices slices, Arr x, Consumer<Exponentials> body) {
    slices.forEach((from, to) -> {
      int rows = Math.min(to - from, Math.max(1, BLOCK / slices.length()));
      Exponentials some = new Exponentials(slices, x, rows);
      for (int s = from; s < to; s += rows) {
        if (to - s < rows) {
          some = new Exponentials(slices, x, to - s);
        }
        some.compute(s);
        body.accept(some);
      }
    });
  }

  private void compute(int slice) {
    first = slice;
    slices.read(x, slice, largest.length, numbers);
    for (int r = 0; r < largest.length; r++) {
      largest[r] = largest(r * length);
      subtract(r * length, largest[r]);
    }
    if (numbers.length >= FEW) {
      EXP.kernel(block, block);
      return;
    }
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = FormulaMath.exp(numbers[i]);
    }
  }

  private double largest(int at) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = at; i < at + length; i++) {
      max = numbers[i] > max ? numbers[i] : max;
    }
    return max;
  }

  private void subtract(int at, double max) {
    if (max == Double.POSITIVE_INFINITY) {
      for (int i = at; i < at + length; i++) {
        numbers[i] = difference(numbers[i], max);
      }
    } else if (max > Double.NEGATIVE_INFINITY) {
      for (int i = at; i < at + length; i++) {
        numbers[i] -= max;
      }
    }
  }

  private static double difference(double x, double max) {
    return x == max ? 0 : x - max;
  }

  /** How many rows there are. */
  int rows() {
    return largest.length;
  }

  /** The slice in a row. */
  int slice(int row) {
    return first + row;
  }

  /** Replaces a row by its softmax; false where all numbers are −∞. */
  boolean normalise(int row) {
    int at = row * length;
    double sum = Wide.sum(numbers, at, length);
    double scale = sum == 0 ? 0 : 1 / sum;
    for (int i = at; i < at + length; i++) {
      numbers[i] *= scale;
    }
    return sum != 0;
  }

  /** Replaces a number of a row by minus the sum of the others. */
  void balance(int row, int i) {
    numbers[row * length + i] = 0;
    numbers[row * length + i] = 0 - Wide.sum(numbers, row * length, length);
  }

  /** Sets a number of a row. */
  void set(int row, int i, double value) {
    numbers[row * length + i] = value;
  }

  /**
   * ln Σ eˣ⁻ᵐ of a row. The largest is left out of the sum, so that ln(1 + rest) keeps the digits
   * of a small rest; after that it is no longer in the row.
   */
  double logarithm(int row) {
    int at = row * length;
    int top = at;
    while (top < at + length - 1 && numbers[top] != 1) {
      top++;
    }
    if (numbers[top] == 1) {
      numbers[top] = 0;
    }
    return Math.log1p(Wide.sum(numbers, at, length));
  }

  /** The logarithm of the softmax of a number: x − m less {@link #logarithm} of its row. */
  double logarithm(int row, double number, double logarithm) {
    double max = largest[row];
    return max == Double.NEGATIVE_INFINITY ? max - logarithm : difference(number, max) - logarithm;
  }

  /** Replaces every row by the logarithms of its softmax. */
  void logarithms() {
    double[] logarithms = new double[largest.length];
    for (int r = 0; r < logarithms.length; r++) {
      logarithms[r] = logarithm(r);
    }
    slices.read(x, first, largest.length, numbers);
    for (int r = 0; r < logarithms.length; r++) {
      for (int i = r * length; i < (r + 1) * length; i++) {
        numbers[i] = logarithm(r, numbers[i], logarithms[r]);
      }
    }
  }

  /** Number i of a row. */
  double get(int row, int i) {
    return numbers[row * length + i];
  }

  /** Writes the rows to the slices of an array. */
  void write(Arr y) {
    slices.write(numbers, y, first, largest.length);
  }
}
