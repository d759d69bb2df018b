package org.kotangent.ops.internal;

import java.util.Arrays;
import org.kotangent.ad.Arr;
import org.kotangent.ad.DType;

/**
 * Sums over channels in plain Java, every term and sum in double.
 *
 * <p>F32: number i of a run goes to sum i mod {@link #LANES} of its channel, which C2 turns into
 * vector instructions; the sums of a channel are added by halves at the end. F64, where C2 cannot
 * tell sums from numbers: number i goes to sum i mod 4, and these are added up for every run.
 */
final class PortableChannelSums implements ChannelSums {
  private static final int LANES = 64;

  @Override
  public void moments(ChannelStatistics s, int from, int to, Arr x, double[] about, double[] into) {
    if (s.size() == 1) {
      momentsOfRows(s.channels(), from, to, x, about, into);
      return;
    }
    int channels = s.channels();
    int size = s.size();
    double[] sums = zeros(Scratch.mine().numbers(0, channels * LANES), channels);
    double[] squares = zeros(Scratch.mine().numbers(1, channels * LANES), channels);
    for (int run = from * channels; run < to * channels; run++) {
      int c = run % channels;
      if (x.dtype() == DType.F32) {
        moments(x.f32(), run * size, size, about[c], sums, squares, c * LANES);
      } else {
        moments(x.f64(), run * size, size, about[c], sums, squares, c * LANES);
      }
    }
    addTotals(channels, sums, squares, into);
  }

  private static void moments(
      float[] x, int from, int size, double about, double[] sums, double[] squares, int at) {
    int end = from + size;
    int i = from;
    for (; i + LANES <= end; i += LANES) {
      for (int j = 0; j < LANES; j++) {
        double d = x[i + j] - about;
        sums[at + j] += d;
        squares[at + j] += d * d;
      }
    }
    for (int j = at; i < end; i++, j++) {
      double d = x[i] - about;
      sums[j] += d;
      squares[j] += d * d;
    }
  }

  private static void moments(
      double[] x, int from, int size, double about, double[] sums, double[] squares, int at) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    double aa = 0;
    double bb = 0;
    double cc = 0;
    double dd = 0;
    int end = from + size;
    int i = from;
    for (; i + 3 < end; i += 4) {
      double p = x[i] - about;
      double q = x[i + 1] - about;
      double r = x[i + 2] - about;
      double t = x[i + 3] - about;
      a += p;
      b += q;
      c += r;
      d += t;
      aa += p * p;
      bb += q * q;
      cc += r * r;
      dd += t * t;
    }
    for (; i < end; i++) {
      double p = x[i] - about;
      a += p;
      aa += p * p;
    }
    sums[at] += a + b + (c + d);
    squares[at] += aa + bb + (cc + dd);
  }

  /** One number of every channel after the other. */
  private static void momentsOfRows(
      int channels, int from, int to, Arr x, double[] about, double[] into) {
    double[] sums = Scratch.mine().numbers(0, channels);
    double[] squares = Scratch.mine().numbers(1, channels);
    double[] row = Scratch.mine().numbers(2, channels);
    Arrays.fill(sums, 0, channels, 0);
    Arrays.fill(squares, 0, channels, 0);
    for (int r = from; r < to; r++) {
      Wide.read(x, r * channels, 1, row, channels);
      addMoments(channels, row, about, sums, squares);
    }
    interleave(channels, sums, squares, into);
  }

  private static void addMoments(
      int channels, double[] row, double[] about, double[] sums, double[] squares) {
    for (int c = 0; c < channels; c++) {
      double d = row[c] - about[c];
      sums[c] += d;
      squares[c] += d * d;
    }
  }

  @Override
  public void products(
      ChannelStatistics s, int from, int to, Arr x, double[] mean, Arr v, double[] into) {
    if (s.size() == 1) {
      productsOfRows(s.channels(), from, to, x, mean, v, into);
      return;
    }
    int channels = s.channels();
    int size = s.size();
    double[] sums = zeros(Scratch.mine().numbers(0, channels * LANES), channels);
    double[] products = zeros(Scratch.mine().numbers(1, channels * LANES), channels);
    for (int run = from * channels; run < to * channels; run++) {
      int c = run % channels;
      if (x.dtype() == DType.F32) {
        products(x.f32(), v.f32(), run * size, size, mean[c], sums, products, c * LANES);
      } else {
        products(x.f64(), v.f64(), run * size, size, mean[c], sums, products, c * LANES);
      }
    }
    addTotals(channels, sums, products, into);
  }

  private static void products(
      float[] x,
      float[] v,
      int from,
      int size,
      double mean,
      double[] sums,
      double[] products,
      int at) {
    int end = from + size;
    int i = from;
    for (; i + LANES <= end; i += LANES) {
      for (int j = 0; j < LANES; j++) {
        double d = v[i + j];
        sums[at + j] += d;
        products[at + j] += (x[i + j] - mean) * d;
      }
    }
    for (int j = at; i < end; i++, j++) {
      double d = v[i];
      sums[j] += d;
      products[j] += (x[i] - mean) * d;
    }
  }

  private static void products(
      double[] x,
      double[] v,
      int from,
      int size,
      double mean,
      double[] sums,
      double[] products,
      int at) {
    double a = 0;
    double b = 0;
    double aa = 0;
    double bb = 0;
    double cc = 0;
    double dd = 0;
    int end = from + size;
    int i = from;
    for (; i + 3 < end; i += 4) {
      a += v[i] + v[i + 1];
      b += v[i + 2] + v[i + 3];
      aa += (x[i] - mean) * v[i];
      bb += (x[i + 1] - mean) * v[i + 1];
      cc += (x[i + 2] - mean) * v[i + 2];
      dd += (x[i + 3] - mean) * v[i + 3];
    }
    for (; i < end; i++) {
      a += v[i];
      aa += (x[i] - mean) * v[i];
    }
    sums[at] += a + b;
    products[at] += aa + bb + (cc + dd);
  }

  private static void productsOfRows(
      int channels, int from, int to, Arr x, double[] mean, Arr v, double[] into) {
    double[] sums = Scratch.mine().numbers(0, channels);
    double[] products = Scratch.mine().numbers(1, channels);
    double[] row = Scratch.mine().numbers(2, channels);
    double[] direction = Scratch.mine().numbers(3, channels);
    Arrays.fill(sums, 0, channels, 0);
    Arrays.fill(products, 0, channels, 0);
    for (int r = from; r < to; r++) {
      Wide.read(x, r * channels, 1, row, channels);
      Wide.read(v, r * channels, 1, direction, channels);
      addProducts(channels, row, mean, direction, sums, products);
    }
    interleave(channels, sums, products, into);
  }

  private static void addProducts(
      int channels,
      double[] row,
      double[] mean,
      double[] direction,
      double[] sums,
      double[] products) {
    for (int c = 0; c < channels; c++) {
      sums[c] += direction[c];
      products[c] += (row[c] - mean[c]) * direction[c];
    }
  }

  private static double[] zeros(double[] lanes, int channels) {
    Arrays.fill(lanes, 0, channels * LANES, 0);
    return lanes;
  }

  private static void addTotals(int channels, double[] first, double[] second, double[] into) {
    for (int c = 0; c < channels; c++) {
      into[2 * c] += total(first, c * LANES);
      into[2 * c + 1] += total(second, c * LANES);
    }
  }

  /** Adds the sums of a channel by halves. */
  private static double total(double[] lanes, int at) {
    for (int half = LANES / 2; half > 0; half /= 2) {
      for (int j = at; j < at + half; j++) {
        lanes[j] += lanes[j + half];
      }
    }
    return lanes[at];
  }

  private static void interleave(int channels, double[] first, double[] second, double[] into) {
    for (int c = 0; c < channels; c++) {
      into[2 * c] += first[c];
      into[2 * c + 1] += second[c];
    }
  }
}
