package org.kotangent.ops;

import org.kotangent.ad.Arr;
import org.kotangent.ad.DType;

/** How random bits become random numbers: number i is made of word i, or of the pair it is in. */
sealed interface Distribution {
  /** The name of the operation that draws from it. */
  String name();

  /** The type of its numbers. */
  DType dtype();

  /** Its parameters, for graphs. */
  @Override
  String toString();

  /**
   * Writes {@code n} numbers from {@code at} on, made of as many words of which the first is at an
   * even place in the stream; the last pair is whole.
   */
  void put(long[] words, int n, Arr out, int at);

  /** Uniform in [low, high). */
  record Uniform(DType dtype, double low, double high) implements Distribution {
    @Override
    public String name() {
      return "uniform";
    }

    @Override
    public void put(long[] words, int n, Arr out, int at) {
      var top = dtype == DType.F32 ? belowAsFloat(high) : Math.nextDown(high);
      for (var i = 0; i < n; i++) {
        out.set(at + i, Math.min(low + (high - low) * unit(words[i]), top));
      }
    }

    @Override
    public String toString() {
      return dtype.label() + ", " + low + ", " + high;
    }

    /** The largest float below {@code high}. */
    private static float belowAsFloat(double high) {
      var nearest = (float) high;
      return nearest < high ? nearest : Math.nextDown(nearest);
    }
  }

  /** Normal, by the method of Box and Muller. */
  record Normal(DType dtype, double mean, double deviation) implements Distribution {
    @Override
    public String name() {
      return "normal";
    }

    @Override
    public void put(long[] words, int n, Arr out, int at) {
      for (var i = 0; i < n; i += 2) {
        var r = StrictMath.sqrt(-2 * StrictMath.log(1 - unit(words[i])));
        var angle = 2 * Math.PI * unit(words[i + 1]);
        out.set(at + i, mean + deviation * (r * StrictMath.cos(angle)));
        if (i + 1 < n) {
          out.set(at + i + 1, mean + deviation * (r * StrictMath.sin(angle)));
        }
      }
    }

    @Override
    public String toString() {
      return dtype.label() + ", " + mean + ", " + deviation;
    }
  }

  /** True with probability p. */
  record Bernoulli(double p) implements Distribution {
    @Override
    public String name() {
      return "bernoulli";
    }

    @Override
    public DType dtype() {
      return DType.BOOL;
    }

    @Override
    public void put(long[] words, int n, Arr out, int at) {
      var mask = out.bool();
      for (var i = 0; i < n; i++) {
        mask[at + i] = unit(words[i]) < p;
      }
    }

    @Override
    public String toString() {
      return Double.toString(p);
    }
  }

  /** The upper 53 bits of a word as a number in [0, 1). */
  private static double unit(long word) {
    return (word >>> 11) * 0x1p-53;
  }
}
