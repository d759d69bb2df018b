package org.kotangent.ops.internal;

import java.util.Arrays;

/** Arrays of doubles. {@link NumbersF32} is its counterpart, line by line. */
final class NumbersF64 extends Numbers<double[]> {
  private static final int LANES = lanes(Double.BYTES);

  static final NumbersF64 INSTANCE = new NumbersF64();

  private NumbersF64() {
    super(LANES, new ScalarF64(LANES), true, new double[exercise(LANES)]);
  }

  @Override
  double[] allocate(int size) {
    return new double[size];
  }

  @Override
  int size(double[] array) {
    return array.length;
  }

  @Override
  void fill(double[] array, int from, int to, double value) {
    Arrays.fill(array, from, to, value);
  }

  @Override
  void copy(Matrix<double[]> from, Matrix<double[]> to, int rows, int columns) {
    double[] x = from.data();
    double[] y = to.data();
    int step = from.across();
    int stride = to.across();
    for (int i = 0; i < rows; i++) {
      int p = from.at(i, 0);
      int q = to.at(i, 0);
      if (step == 1 && stride == 1) {
        System.arraycopy(x, p, y, q, columns);
      } else {
        for (int j = 0; j < columns; j++, p += step, q += stride) {
          y[q] = x[p];
        }
      }
    }
  }

  @Override
  void spread(double[] x, int from, int count, double[] y, int to, int pitch) {
    if (pitch == Tile.PITCH) {
      for (int k = 0; k < count; k++) {
        y[to + k * Tile.PITCH] = x[from + k];
      }
    } else {
      for (int k = 0; k < count; k++) {
        y[to + k * LANES] = x[from + k];
      }
    }
  }

  @Override
  void add(Matrix<double[]> from, Matrix<double[]> to, int rows, int columns) {
    double[] x = from.data();
    double[] y = to.data();
    for (int i = 0; i < rows; i++) {
      int p = from.at(i, 0);
      int q = to.at(i, 0);
      for (int j = 0; j < columns; j++, p += from.across(), q += to.across()) {
        y[q] += x[p];
      }
    }
  }

  @Override
  void products(
      Matrix<double[]> rows, int first, int last, int depth, double[] v, double[] y, int to) {
    double[] x = rows.data();
    int p = rows.at(first, 0);
    int i = first;
    for (; i + 3 < last; i += 4, p += 4 * rows.down()) {
      products(
          x, p, p + rows.down(), p + 2 * rows.down(), p + 3 * rows.down(), depth, v, y, to + i);
    }
    for (; i < last; i++, p += rows.down()) {
      double sum = 0;
      for (int k = 0; k < depth; k++) {
        sum = Math.fma(x[p + k], v[k], sum);
      }
      y[to + i] = sum;
    }
  }

  private static void products(
      double[] x, int p, int q, int r, int s, int depth, double[] v, double[] y, int to) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    for (int k = 0; k < depth; k++) {
      double factor = v[k];
      a = Math.fma(x[p + k], factor, a);
      b = Math.fma(x[q + k], factor, b);
      c = Math.fma(x[r + k], factor, c);
      d = Math.fma(x[s + k], factor, d);
    }
    y[to] = a;
    y[to + 1] = b;
    y[to + 2] = c;
    y[to + 3] = d;
  }

  @Override
  double sum(double[] array, int at, int count) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i + 3 < count; i += 4) {
      a += array[at + i];
      b += array[at + i + 1];
      c += array[at + i + 2];
      d += array[at + i + 3];
    }
    for (; i < count; i++) {
      a += array[at + i];
    }
    return a + b + (c + d);
  }

  @Override
  double sumOfLanes(double[] array, int at) {
    return sum(array, at, LANES);
  }

  @Override
  void set(double[] array, int at, double value) {
    array[at] = value;
  }

  @Override
  double get(double[] array, int at) {
    return array[at];
  }
}
