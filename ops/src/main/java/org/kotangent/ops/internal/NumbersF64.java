package org.kotangent.ops.internal;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;

/** Arrays of doubles. {@link NumbersF32} is its counterpart, line by line. */
final class NumbersF64 extends Numbers<double[]> {
  private static final int LANES = DoubleVector.SPECIES_PREFERRED.length();

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
