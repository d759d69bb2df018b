package org.kotangent.ops;

import org.kotangent.ad.DType;
import org.kotangent.ad.DTypeException;
import org.kotangent.ad.DomainException;
import org.kotangent.ad.Spec;
import org.kotangent.ad.Tensor;

/**
 * Random tensors and permutations as pure functions of a {@link Key}.
 *
 * <p>The same key gives the same bits on every machine: besides IEEE arithmetic only {@link
 * StrictMath} is used. Number i depends on the key and i alone, so that a smaller tensor holds the
 * first numbers of a larger one whatever their shapes, and F32 numbers are the F64 numbers rounded.
 * Two calls with one key are therefore anything but independent: split the key first.
 */
public final class Random {
  private Random() {}

  /**
   * Numbers uniform in [0, 1). (key) → [*shape].
   *
   * @throws DTypeException unless {@code dtype} is floating
   */
  public static Tensor uniform(Key key, DType dtype, int... shape) {
    return uniform(key, 0, 1, dtype, shape);
  }

  /**
   * Numbers uniform in [low, high): low + (high − low)·u with u a multiple of 2⁻⁵³. (key) →
   * [*shape]. A result that rounds up to {@code high} becomes its neighbour below.
   *
   * @throws DTypeException unless {@code dtype} is floating
   * @throws DomainException unless low &lt; high and high − low is finite
   */
  public static Tensor uniform(Key key, double low, double high, DType dtype, int... shape) {
    requireFloating("uniform", dtype);
    if (!(low < high) || Double.isInfinite(high - low)) {
      throw Checks.domain(
          "uniform",
          "low must be below high and both finite",
          "low: " + low + ", high: " + high,
          "swap or bound them");
    }
    var top = dtype == DType.F32 ? belowAsFloat(high) : Math.nextDown(high);
    return Tensor.generate(
        Spec.of(dtype, shape),
        out -> {
          var words = key.words(out.size());
          for (var i = 0; i < words.length; i++) {
            out.set(i, Math.min(low + (high - low) * unit(words[i]), top));
          }
        });
  }

  /**
   * Numbers of the standard normal distribution. (key) → [*shape].
   *
   * <p>Formula: r = √(−2 ln(1 − u)), θ = 2πv, numbers 2k and 2k + 1 are r·cos θ and r·sin θ for u
   * and v the k-th pair of uniform numbers. The largest magnitude possible is 8.57.
   *
   * <p>Source: Box and Muller, "A note on the generation of random normal deviates" (1958).
   *
   * @throws DTypeException unless {@code dtype} is floating
   */
  public static Tensor normal(Key key, DType dtype, int... shape) {
    return normal(key, 0, 1, dtype, shape);
  }

  /**
   * Numbers of the normal distribution with the given mean and standard deviation: mean +
   * deviation·z. (key) → [*shape].
   *
   * @throws DTypeException unless {@code dtype} is floating
   * @throws DomainException unless both are finite and deviation ≥ 0
   */
  public static Tensor normal(Key key, double mean, double deviation, DType dtype, int... shape) {
    requireFloating("normal", dtype);
    if (!Double.isFinite(mean) || !(deviation >= 0) || Double.isInfinite(deviation)) {
      throw Checks.domain(
          "normal",
          "mean and deviation must be finite, deviation not negative",
          "mean: " + mean + ", deviation: " + deviation,
          "use such numbers");
    }
    return Tensor.generate(
        Spec.of(dtype, shape),
        out -> {
          var n = out.size();
          var words = key.words(n + (n & 1)); // whole pairs
          for (var i = 0; i < n; i += 2) {
            var r = StrictMath.sqrt(-2 * StrictMath.log(1 - unit(words[i])));
            var angle = 2 * Math.PI * unit(words[i + 1]);
            out.set(i, mean + deviation * (r * StrictMath.cos(angle)));
            if (i + 1 < n) {
              out.set(i + 1, mean + deviation * (r * StrictMath.sin(angle)));
            }
          }
        });
  }

  /**
   * Truth values that are true with probability {@code p}. (key) → BOOL [*shape]. Raising p only
   * turns values from false to true.
   *
   * @throws DomainException unless 0 ≤ p ≤ 1
   */
  public static Tensor bernoulli(Key key, double p, int... shape) {
    if (!(p >= 0 && p <= 1)) {
      throw Checks.domain(
          "bernoulli", "p must lie in [0, 1]", Double.toString(p), "give a probability");
    }
    return Tensor.generate(
        Spec.of(DType.BOOL, shape),
        out -> {
          var words = key.words(out.size());
          var mask = out.bool();
          for (var i = 0; i < words.length; i++) {
            mask[i] = unit(words[i]) < p;
          }
        });
  }

  /**
   * The numbers 0, …, n − 1 in random order, each order equally likely up to a bias of n²·2⁻⁶⁴.
   *
   * <p>Source: Durstenfeld, "Algorithm 235: Random permutation" (1964); a place below i is
   * ⌊i·w/2⁶⁴⌋ for a word w of the key's stream.
   *
   * @throws DomainException if n is negative
   */
  public static int[] permutation(Key key, int n) {
    Key.requireCount("permutation", n);
    var words = key.words(n);
    var order = new int[n];
    for (var i = 0; i < n; i++) {
      order[i] = i;
    }
    for (var i = n - 1; i > 0; i--) {
      var j = (int) Math.unsignedMultiplyHigh(words[i], i + 1L);
      var swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }

  /** The upper 53 bits of a word as a number in [0, 1). */
  private static double unit(long word) {
    return (word >>> 11) * 0x1p-53;
  }

  /** The largest float below {@code high}. */
  private static float belowAsFloat(double high) {
    var nearest = (float) high;
    return nearest < high ? nearest : Math.nextDown(nearest);
  }

  private static void requireFloating(String op, DType dtype) {
    if (!dtype.isFloating()) {
      throw Checks.dtype(op, "the type must be floating", dtype.label(), "ask for F32 or F64");
    }
  }
}
