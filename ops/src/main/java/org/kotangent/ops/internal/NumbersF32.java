package org.kotangent.ops.internal;

import java.util.Arrays;

/** Arrays of floats. {@link NumbersF64} is its counterpart, line by line. */
final class NumbersF32 extends Numbers<float[]> {
  private static final int LANES = lanes(Float.BYTES);

  static final NumbersF32 INSTANCE = new NumbersF32();

  private NumbersF32() {
    super(LANES, new ScalarF32(LANES), false, new float[exercise(LANES)]);
  }

  @Override
  float[] allocate(int size) {
    return new float[size];
  }

  @Override
  int size(float[] array) {
    return array.length;
  }

  @Override
  void fill(float[] array, int from, int to, double value) {
    Arrays.fill(array, from, to, (float) value);
  }

  @Override
  void copy(Matrix<float[]> from, Matrix<float[]> to, int rows, int columns) {
    float[] x = from.data();
    float[] y = to.data();
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
  void spread(float[] x, int from, int count, float[] y, int to, int pitch) {
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
  void add(Matrix<float[]> from, Matrix<float[]> to, int rows, int columns) {
    float[] x = from.data();
    float[] y = to.data();
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
      Matrix<float[]> rows, int first, int last, int depth, float[] v, float[] y, int to) {
    float[] x = rows.data();
    int p = rows.at(first, 0);
    int i = first;
    for (; i + 3 < last; i += 4, p += 4 * rows.down()) {
      products(
          x, p, p + rows.down(), p + 2 * rows.down(), p + 3 * rows.down(), depth, v, y, to + i);
    }
    for (; i < last; i++, p += rows.down()) {
      float sum = 0;
      for (int k = 0; k < depth; k++) {
        sum = Math.fma(x[p + k], v[k], sum);
      }
      y[to + i] = sum;
    }
  }

  private static void products(
      float[] x, int p, int q, int r, int s, int depth, float[] v, float[] y, int to) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    for (int k = 0; k < depth; k++) {
      float factor = v[k];
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
  double sum(float[] array, int at, int count) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
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
  double sumOfLanes(float[] array, int at) {
    return sum(array, at, LANES);
  }

  @Override
  void set(float[] array, int at, double value) {
    array[at] = (float) value;
  }

  @Override
  double get(float[] array, int at) {
    return array[at];
  }
}
