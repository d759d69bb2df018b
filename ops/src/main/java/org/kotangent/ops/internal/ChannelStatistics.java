package org.kotangent.ops.internal;

import java.util.Arrays;
import org.kotangent.ad.Arr;
import org.kotangent.ad.DType;
import org.kotangent.ad.Parallel;

/**
 * Batch normalisation over an array [n, channels, size], which is read twice in the order of
 * memory: once for the sums of every channel, once for the results; and the sums of its derivative.
 *
 * <p><b>Sums.</b> Σ(x − s) and Σ(x − s)² are taken about a number s close to the mean μ: at first
 * the mean of some numbers of the first example and, should that turn out to be farther from μ than
 * σ, again about the mean found. So at most one bit is lost in
 *
 * <pre>
 * σ² = (Σ(x − s)² − (Σ(x − s))²/m) / m,
 * </pre>
 *
 * however far from zero the numbers are. Examples are cut into chunks by the shape alone and the
 * chunks' sums added in order, so threads change no bit.
 *
 * <p><b>Results.</b> F64 is computed in double. F32 is computed in single precision, the mean in
 * two parts, with an error of at most 2 ulp of γx̂ and half an ulp of the result; where a factor is
 * too large or too small for that, in double.
 */
public final class ChannelStatistics {
  /** Numbers of a chunk, at least. */
  private static final int GRAIN = 1 << 14;

  private static final int MOST_CHUNKS = 32;

  /** How many numbers of the first example are averaged for the first s. */
  private static final int PILOT = 32;

  /** Places in {@link Scratch}. */
  private static final int TOTALS = 4;

  private static final int CHUNK = 5;
  private static final int WORK = 6;

  private final int n;
  private final int channels;
  private final int size;
  private final int grain;
  private final int chunks;

  private ChannelStatistics(int n, int channels, int size) {
    this.n = n;
    this.channels = channels;
    this.size = size;
    int least = GRAIN / Math.max(1, channels * size);
    this.grain = Math.max(Math.max(1, least), Math.ceilDiv(n, MOST_CHUNKS));
    this.chunks = Math.ceilDiv(n, grain);
  }

  /**
   * The walk over an array [n, channels, size].
   *
   * @param n how many examples
   * @param channels how many channels
   * @param size numbers of a channel of one example
   */
  public static ChannelStatistics over(int n, int channels, int size) {
    return new ChannelStatistics(n, channels, size);
  }

  int examples() {
    return n;
  }

  int channels() {
    return channels;
  }

  int size() {
    return size;
  }

  /** Examples of a chunk. */
  int grain() {
    return grain;
  }

  /** How many numbers a channel has. */
  private double count() {
    return (double) n * size;
  }

  /** Writes y = γ(x − μ)/√(σ² + ε) + β with the population variance σ², and μ and σ². */
  void normalise(
      ChannelSums sums, Arr x, Arr gamma, Arr beta, double epsilon, Arr y, Arr mean, Arr variance) {
    double[] mu = work(0);
    double[] squares = work(1);
    moments(sums, x, mu, squares);
    write(mu, mean);
    write(squares, variance);
    double[] scale = read(gamma, 2);
    double[] shift = read(beta, 3);
    divideByDeviation(scale, squares, epsilon);
    new ChannelMap(this, mu, squares, scale, shift).normalise(x, y);
  }

  /** Finds μ and σ². */
  private void moments(ChannelSums sums, Arr x, double[] mu, double[] squares) {
    average(x, Math.min(PILOT, size), mu);
    boolean[] open = new boolean[channels];
    Arrays.fill(open, true);
    if (moments(sums, x, open, mu, squares)) {
      moments(sums, x, open, mu, squares);
    }
  }

  /** The means of the first numbers of each channel. */
  private void average(Arr x, int pilot, double[] mu) {
    for (int c = 0; c < channels; c++) {
      double sum = 0;
      for (int i = 0; i < pilot; i++) {
        sum += x.get(c * size + i);
      }
      mu[c] = sum / pilot;
    }
  }

  /**
   * Improves the means of the channels that are open, each by itself, from sums about those given;
   * it leaves open, and says whether there are, those whose mean was too far off.
   */
  private boolean moments(ChannelSums sums, Arr x, boolean[] open, double[] mu, double[] squares) {
    double[] about = work(4);
    System.arraycopy(mu, 0, about, 0, channels);
    if (x.dtype() == DType.F32) {
      roundToFloats(about);
    }
    double[] totals = totals((from, to, into) -> sums.moments(this, from, to, x, about, into));
    return improve(about, totals, open, mu, squares);
  }

  private void roundToFloats(double[] numbers) {
    for (int c = 0; c < channels; c++) {
      numbers[c] = (float) numbers[c];
    }
  }

  private boolean improve(
      double[] about, double[] totals, boolean[] open, double[] mu, double[] squares) {
    boolean any = false;
    for (int c = 0; c < channels; c++) {
      if (open[c]) {
        double offset = totals[2 * c] / count();
        mu[c] = about[c] + offset;
        squares[c] = Math.max(0, (totals[2 * c + 1] - totals[2 * c] * offset) / count());
        open[c] = offset * offset > squares[c];
        any |= open[c];
      }
    }
    return any;
  }

  /** Divides numbers of channels by their √(σ² + ε). */
  private void divideByDeviation(double[] numbers, double[] squares, double epsilon) {
    for (int c = 0; c < channels; c++) {
      numbers[c] /= Math.sqrt(squares[c] + epsilon);
    }
  }

  /** Writes, with x̂ = (x − μ)/√(σ² + ε), the sums Σx̂v and Σv. */
  void products(
      ChannelSums sums,
      Arr x,
      Arr mean,
      Arr variance,
      double epsilon,
      Arr v,
      Arr product,
      Arr sum) {
    double[] mu = read(mean, 0);
    double[] squares = read(variance, 1);
    double[] totals = totals((from, to, into) -> sums.products(this, from, to, x, mu, v, into));
    for (int c = 0; c < channels; c++) {
      sum.set(c, totals[2 * c]);
      product.set(c, totals[2 * c + 1] / Math.sqrt(squares[c] + epsilon));
    }
  }

  /** Adds two sums for each channel of some examples to the array given. */
  private interface Adder {
    void add(int from, int to, double[] into);
  }

  /** Two sums for each channel, from those of the chunks in order. */
  private double[] totals(Adder adder) {
    int sums = 2 * channels;
    double[] partial = Scratch.mine().numbers(TOTALS, chunks * sums);
    Parallel.forEach(
        n,
        grain,
        (from, to) -> {
          double[] chunk = Scratch.mine().numbers(CHUNK, sums);
          Arrays.fill(chunk, 0, sums, 0);
          adder.add(from, to, chunk);
          System.arraycopy(chunk, 0, partial, from / grain * sums, sums);
        });
    for (int i = sums; i < chunks * sums; i++) {
      partial[i % sums] += partial[i];
    }
    return partial;
  }

  /** A number for each channel, in memory of this thread that what runs in chunks does not use. */
  private double[] work(int which) {
    return Scratch.mine().numbers(WORK + which, channels);
  }

  /** The same, with these numbers. */
  private double[] read(Arr from, int which) {
    double[] to = work(which);
    for (int c = 0; c < channels; c++) {
      to[c] = from.get(c);
    }
    return to;
  }

  private void write(double[] from, Arr to) {
    for (int c = 0; c < channels; c++) {
      to.set(c, from[c]);
    }
  }
}
