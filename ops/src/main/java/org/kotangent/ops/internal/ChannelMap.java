package org.kotangent.ops.internal;

import java.util.Arrays;
import java.util.List;
import org.kotangent.ad.Arr;
import org.kotangent.ad.DType;
import org.kotangent.ad.Elementwise;
import org.kotangent.ad.Expr;
import org.kotangent.ad.Parallel;
import org.kotangent.ad.Shape;
import org.kotangent.ad.Spec;

/**
 * What batch normalisation does to each number once the sums are known; see {@link
 * ChannelStatistics}.
 */
final class ChannelMap {
  /** Factors up to this size neither overflow nor lose digits in single precision. */
  private static final double LARGE = 1e15;

  private static final double SMALL = 1e-30;

  /** ((x − high) − low)·scale + shift, of x, the mean in two parts, scale and shift. */
  private static final Elementwise LINE = line();

  private static Elementwise line() {
    Expr[] x = new Expr[5];
    Arrays.setAll(x, Expr.Variable::new);
    Expr centred = x[0].minus(x[1]).minus(x[2]);
    return Elementwise.of(
        "normalise",
        centred.times(x[3]).plus(x[4]),
        List.of(x[3], x[3].neg(), x[3].neg(), centred, Expr.of(1)));
  }

  private final int n;
  private final int channels;
  private final int size;
  private final int grain;
  private final double[] mean;
  private final double[] variance;
  private final double[] scale;
  private final double[] shift;

  ChannelMap(
      ChannelStatistics s, double[] mean, double[] variance, double[] scale, double[] shift) {
    this.n = s.examples();
    this.channels = s.channels();
    this.size = s.size();
    this.grain = s.grain();
    this.mean = mean;
    this.variance = variance;
    this.scale = scale;
    this.shift = shift;
  }

  /** Writes y = (x − μ)·scale + shift. */
  void normalise(Arr x, Arr y) {
    if (x.dtype() == DType.F32 && isModerate()) {
      Shape shape = size == 1 ? Shape.of(n, channels) : Shape.of(n, channels, size);
      Spec factor = new Spec(DType.F32, size == 1 ? Shape.of(channels) : Shape.of(channels, 1));
      Arr[] in = new Arr[5];
      Arrays.setAll(in, k -> k == 0 ? x.as(shape) : Arr.allocate(factor));
      for (int c = 0; c < channels; c++) {
        in[1].set(c, mean[c]);
        in[2].set(c, mean[c] - in[1].get(c));
        in[3].set(c, scale[c]);
        in[4].set(c, shift[c]);
      }
      LINE.kernel(in, new Arr[] {y.as(shape)});
    } else {
      Parallel.forEach(n, grain, (from, to) -> normaliseInDouble(from, to, x, y));
    }
  }

  /** Whether single precision will do. */
  private boolean isModerate() {
    boolean moderate = true;
    for (int c = 0; c < channels; c++) {
      double factor = Math.abs(scale[c]);
      double largest = Math.max(Math.max(Math.abs(mean[c]), factor), Math.abs(shift[c]));
      boolean small = factor != 0 && factor < SMALL;
      moderate &= !small && largest <= LARGE && variance[c] <= LARGE * LARGE;
    }
    return moderate;
  }

  private void normaliseInDouble(int from, int to, Arr x, Arr y) {
    if (size == 1) {
      normaliseRows(from, to, x, y);
    } else if (x.dtype() == DType.F64) {
      normalise(from, to, x.f64(), y.f64());
    } else {
      normalise(from, to, x.f32(), y.f32());
    }
  }

  /** One number of every channel after the other. */
  private void normaliseRows(int from, int to, Arr x, Arr y) {
    double[] row = Scratch.mine().numbers(0, channels);
    for (int r = from; r < to; r++) {
      Wide.read(x, r * channels, 1, row, channels);
      normalise(row);
      Wide.write(row, y, r * channels, 1, channels);
    }
  }

  private void normalise(double[] row) {
    for (int c = 0; c < channels; c++) {
      row[c] = (row[c] - mean[c]) * scale[c] + shift[c];
    }
  }

  private void normalise(int from, int to, double[] x, double[] y) {
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

  private void normalise(int from, int to, float[] x, float[] y) {
    for (int run = from * channels; run < to * channels; run++) {
      int c = run % channels;
      double mu = mean[c];
      double a = scale[c];
      double b = shift[c];
      for (int i = run * size; i < run * size + size; i++) {
        y[i] = (float) ((x[i] - mu) * a + b);
      }
    }
  }
}
