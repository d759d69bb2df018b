package org.kotangent.ops.internal;

import java.util.Arrays;

/** The panel of doubles: {@link PanelF32} with the other type, line by line. */
final class PanelF64 extends Panel<double[]> {
  private static final ThreadLocal<PanelF64> OF_THREAD = ThreadLocal.withInitial(PanelF64::new);

  private static final double[] ZEROS = new double[WIDTH];

  private final double[][] panel = new double[DEPTH][WIDTH];
  private final double[][] sums = new double[ROWS][WIDTH];

  static PanelF64 ofThread() {
    return OF_THREAD.get();
  }

  @Override
  public void pack(int row, int at, double[] source, int from, int step, int count) {
    gather(panel[row], at, source, from, step, count);
  }

  @Override
  public void packZeros(int row, int at, int count) {
    Arrays.fill(panel[row], at, at + count, 0);
  }

  @Override
  public void zero(int t, int width) {
    Arrays.fill(sums[t], 0, width, 0);
  }

  @Override
  public void load(int t, int at, double[] source, int from, int step, int count) {
    gather(sums[t], at, source, from, step, count);
  }

  @Override
  public void store(int t, int at, double[] target, int to, int step, int count) {
    var sum = sums[t];
    if (step == 1) {
      System.arraycopy(sum, at, target, to, count);
    } else {
      for (int i = 0, p = to; i < count; i++, p += step) {
        target[p] = sum[at + i];
      }
    }
  }

  @Override
  void pack(int row, Patch patch, double[] source) {
    var target = panel[row];
    int at = patch.column();
    int from = patch.number();
    for (int l = 0; l < patch.lines(); l++, at += patch.pitch(), from += patch.down()) {
      gather(target, at, source, from, patch.across(), patch.count());
    }
  }

  @Override
  void packTransposed(int column, int taps, int dilation, Patch patch, double[] source) {
    int row = patch.column();
    int from = patch.number();
    int across = patch.across();
    for (int l = 0; l < patch.lines(); l++, row += patch.pitch(), from += patch.down()) {
      int j = 0;
      for (; j + 4 <= taps; j += 4) {
        for (int i = 0, p = from + j * dilation; i < patch.count(); i++, p += across) {
          double[] target = panel[row + i];
          target[column + j] = source[p];
          target[column + j + 1] = source[p + dilation];
          target[column + j + 2] = source[p + 2 * dilation];
          target[column + j + 3] = source[p + 3 * dilation];
        }
      }
      for (; j < taps; j++) {
        for (int i = 0, p = from + j * dilation; i < patch.count(); i++, p += across) {
          panel[row + i][column + j] = source[p];
        }
      }
    }
  }

  @Override
  void packZerosTransposed(int column, int from, int count) {
    for (int i = from; i < from + count; i++) {
      panel[i][column] = 0;
    }
  }

  @Override
  void add(int t, Patch patch, double[] target) {
    var sum = sums[t];
    int count = patch.count();
    int across = patch.across();
    int at = patch.column();
    int to = patch.number();
    for (int l = 0; l < patch.lines(); l++, at += patch.pitch(), to += patch.down()) {
      for (int i = 0, p = to; i < count; i++, p += across) {
        target[p] += sum[at + i];
      }
    }
  }

  @Override
  public void multiply(int rows, Matrix<double[]> left, int i, int k, int depth, int width) {
    if (rows == ROWS) {
      multiplyThree(left.data(), left.at(i, k), left.down(), left.across(), depth, width);
    } else {
      for (int t = 0; t < rows; t++) {
        multiplyOne(sums[t], left.data(), left.at(i + t, k), left.across(), depth, width);
      }
    }
  }

  @Override
  public double[] allocate(int size) {
    return new double[size];
  }

  @Override
  public void erase(double[] target, int from, int count) {
    Arrays.fill(target, from, from + count, 0);
  }

  @Override
  public void accumulate(double[] target, double[] source, int from, int count) {
    for (int i = 0; i < count; i++) {
      target[i] += source[from + i];
    }
  }

  private void multiplyThree(double[] a, int first, int down, int across, int depth, int width) {
    double[] s = sums[0];
    double[] t = sums[1];
    double[] u = sums[2];
    int p = first;
    int l = 0;
    for (; l + 2 <= depth; l += 2, p += 2 * across) {
      int q = p + down;
      int r = q + down;
      double s0 = a[p];
      double s1 = a[p + across];
      double t0 = a[q];
      double t1 = a[q + across];
      double u0 = a[r];
      double u1 = a[r + across];
      tile(s, t, u, panel[l], panel[l + 1], s0, s1, t0, t1, u0, u1, width);
    }
    if (l < depth) {
      // An odd term is paired with zeros: adding +0 changes no bit, as no sum is ever −0.
      tile(s, t, u, panel[l], ZEROS, a[p], 0, a[p + down], 0, a[p + 2 * down], 0, width);
    }
  }

  private void multiplyOne(double[] s, double[] a, int first, int across, int depth, int width) {
    int p = first;
    int l = 0;
    for (; l + 4 <= depth; l += 4, p += 4 * across) {
      double a0 = a[p];
      double a1 = a[p + across];
      double a2 = a[p + 2 * across];
      double a3 = a[p + 3 * across];
      tile(s, panel[l], panel[l + 1], panel[l + 2], panel[l + 3], a0, a1, a2, a3, width);
    }
    for (; l < depth; l++, p += across) {
      tile(s, panel[l], a[p], width);
    }
  }

  private static void tile(
      double[] s,
      double[] t,
      double[] u,
      double[] b0,
      double[] b1,
      double s0,
      double s1,
      double t0,
      double t1,
      double u0,
      double u1,
      int width) {
    for (int j = 0; j < width; j++) {
      double x = b0[j];
      double y = b1[j];
      s[j] = s[j] + s0 * x + s1 * y;
      t[j] = t[j] + t0 * x + t1 * y;
      u[j] = u[j] + u0 * x + u1 * y;
    }
  }

  private static void tile(
      double[] s,
      double[] b0,
      double[] b1,
      double[] b2,
      double[] b3,
      double a0,
      double a1,
      double a2,
      double a3,
      int width) {
    for (int j = 0; j < width; j++) {
      s[j] = s[j] + a0 * b0[j] + a1 * b1[j] + a2 * b2[j] + a3 * b3[j];
    }
  }

  private static void tile(double[] s, double[] b, double a, int width) {
    for (int j = 0; j < width; j++) {
      s[j] += a * b[j];
    }
  }

  private static void gather(
      double[] target, int at, double[] source, int from, int step, int count) {
    if (step == 1 && count >= 16) {
      System.arraycopy(source, from, target, at, count);
    } else {
      for (int i = 0, p = from; i < count; i++, p += step) {
        target[at + i] = source[p];
      }
    }
  }
}
