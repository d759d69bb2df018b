package org.kotangent.ops.internal;

import org.kotangent.ad.Arr;
import org.kotangent.ad.DType;

/**
 * What batch normalisation does to each number once the sums are known; see {@link
 * ChannelStatistics}.
 */
final class ChannelMap {
  /** Factors up to this size neither overflow nor lose digits in single precision. */
  private static final double LARGE = 1e15;

  private static final double SMALL = 1e-30;

  private final int channels;
  private final int size;
  private final double[] mean;
  private final double[] scale;
  private final double[] variance;

  ChannelMap(ChannelStatistics s, double[] mean, double[] variance, double[] scale) {
    this.channels = s.channels();
    this.size = s.size();
    this.mean = mean;
    this.variance = variance;
    this.scale = scale;
  }

  /** Whether single precision will do for a channel. */
  private boolean isModerate(int c, double shift) {
    double factor = Math.abs(scale[c]);
    boolean small = factor != 0 && factor < SMALL;
    double largest = Math.max(Math.max(Math.abs(mean[c]), factor), Math.abs(shift));
    return !small && largest <= LARGE && variance[c] <= LARGE * LARGE;
  }

  /** Writes y = (x − μ)·scale + shift of some examples. */
  void normalise(int from, int to, Arr x, double[] shift, Arr y) {
    if (size == 1) {
      normaliseRows(from, to, x, shift, y);
    } else if (x.dtype() == DType.F64) {
      normalise(from, to, x.f64(), shift, y.f64());
    } else {
      for (int run = from * channels; run < to * channels; run++) {
        int c = run % channels;
        if (isModerate(c, shift[c])) {
          float high = (float) mean[c];
          float low = (float) (mean[c] - high);
          line(run * size, size, x.f32(), high, low, (float) scale[c], (float) shift[c], y.f32());
        } else {
          line(run * size, size, x.f32(), mean[c], scale[c], shift[c], y.f32());
        }
      }
    }
  }

  private static void line(
      int at, int size, float[] x, float high, float low, float scale, float shift, float[] y) {
    for (int i = at; i < at + size; i++) {
      y[i] = ((x[i] - high) - low) * scale + shift;
    }
  }

  private static void line(
      int at, int size, float[] x, double mean, double scale, double shift, float[] y) {
    for (int i = at; i < at + size; i++) {
      y[i] = (float) ((x[i] - mean) * scale + shift);
    }
  }

  /** One number of every channel after the other. */
  private void normaliseRows(int from, int to, Arr x, double[] shift, Arr y) {
    double[] row = Scratch.mine().numbers(0, channels);
    for (int r = from; r < to; r++) {
      Wide.read(x, r * channels, 1, row, channels);
      normalise(row, shift);
      Wide.write(row, y, r * channels, 1, channels);
    }
  }

  private void normalise(double[] row, double[] shift) {
    for (int c = 0; c < channels; c++) {
      row[c] = (row[c] - mean[c]) * scale[c] + shift[c];
    }
  }

  private void normalise(int from, int to, double[] x, double[] shift, double[] y) {
    for (int run = from * channels; run < to * channels; run++) {
      int c = run % channels;
      double mu = mean[c];
      double a = scale[c];
      double b = shift[c];
      for (int i = run * size; i < run * size + size; i++) {
        y[i] = (x[i] - mu) * a + b;
      }
    }
  }
}
