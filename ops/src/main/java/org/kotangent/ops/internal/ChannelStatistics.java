package org.kotangent.ops.internal;

import org.kotangent.ad.Arr;
import org.kotangent.ad.Parallel;

/**
 * Batch normalisation over an array [n, channels, size]: each channel by itself, computed in double
 * and rounded once. A channel's sums add its images in order, so threads change no bit.
 */
public final class ChannelStatistics {
  private static final int GRAIN = 1 << 14;

  private final int channels;
  private final int runs;
  private final int length;
  private final int step;
  private final int stride;

  private ChannelStatistics(int channels, int runs, int length, int step, int stride) {
    this.channels = channels;
    this.runs = runs;
    this.length = length;
    this.step = step;
    this.stride = stride;
  }

  /**
   * The walk over an array [n, channels, size].
   *
   * @param n how many examples
   * @param channels how many channels
   * @param size numbers of a channel of one example
   */
  public static ChannelStatistics over(int n, int channels, int size) {
    return size == 1
        ? new ChannelStatistics(channels, 1, n, channels, 0)
        : new ChannelStatistics(channels, n, size, 1, channels * size);
  }

  /** How many numbers a channel has. */
  private double count() {
    return (double) runs * length;
  }

  /** Where a run of a channel starts. */
  private int at(int channel, int run) {
    return run * stride + (step == 1 ? channel * length : channel);
  }

  private void forEachChannel(Parallel.Chunk chunk) {
    int grain = Math.max(1, GRAIN / Math.max(1, runs * length));
    Parallel.forEach(channels, grain, chunk);
  }

  /** Writes y = γ(x − μ)/√(σ² + ε) + β with the population variance σ². */
  public void normalise(Arr x, Arr gamma, Arr beta, double epsilon, Arr y, Arr mean, Arr variance) {
    forEachChannel((from, to) -> {
      double[] row = new double[length];
      for (int c = from; c < to; c++) {
        double mu = 0;
        for (int r = 0; r < runs; r++) {
          Wide.read(x, at(c, r), step, row, length);
          mu += Wide.sum(row, length);
        }
        mu /= count();
        double squares = 0;
        for (int r = 0; r < runs; r++) {
          Wide.read(x, at(c, r), step, row, length);
          squares += sumOfSquares(row, mu);
        }
        mean.set(c, mu);
        variance.set(c, squares / count());
        double scale = gamma.get(c) / Math.sqrt(squares / count() + epsilon);
        double shift = beta.get(c);
        for (int r = 0; r < runs; r++) {
          Wide.read(x, at(c, r), step, row, length);
          for (int i = 0; i < length; i++) {
            row[i] = (row[i] - mu) * scale + shift;
          }
          Wide.write(row, y, at(c, r), step, length);
        }
      }
    });
  }

  private static double sumOfSquares(double[] row, double mu) {
    for (int i = 0; i < row.length; i++) {
      double d = row[i] - mu;
      row[i] = d * d;
    }
    return Wide.sum(row, row.length);
  }

  /**
   * Writes, with x̂ = (x − μ)/√(σ² + ε) and m numbers per channel, the sums Σv and Σx̂v and the
   * projection γ/√(σ² + ε)·(v − Σv/m − x̂·Σx̂v/m).
   */
  public void project(
      Arr x,
      Arr gamma,
      Arr mean,
      Arr variance,
      double epsilon,
      Arr v,
      Arr projection,
      Arr product,
      Arr sum) {
    forEachChannel((from, to) -> {
      double[] row = new double[length];
      double[] direction = new double[length];
      for (int c = from; c < to; c++) {
        double mu = mean.get(c);
        double inverse = 1 / Math.sqrt(variance.get(c) + epsilon);
        double total = 0;
        double dot = 0;
        for (int r = 0; r < runs; r++) {
          Wide.read(v, at(c, r), step, direction, length);
          total += Wide.sum(direction, length);
          Wide.read(x, at(c, r), step, row, length);
          for (int i = 0; i < length; i++) {
            row[i] = (row[i] - mu) * inverse * direction[i];
          }
          dot += Wide.sum(row, length);
        }
        product.set(c, dot);
        sum.set(c, total);
        double scale = gamma.get(c) * inverse;
        double constant = total / count();
        double slope = dot / count() * inverse;
        for (int r = 0; r < runs; r++) {
          Wide.read(v, at(c, r), step, direction, length);
          Wide.read(x, at(c, r), step, row, length);
          for (int i = 0; i < length; i++) {
            row[i] = scale * (direction[i] - constant - (row[i] - mu) * slope);
          }
          Wide.write(row, projection, at(c, r), step, length);
        }
      }
    });
  }
}
