package org.kotangent.ops;

import org.kotangent.ad.DType;
import org.kotangent.ad.DTypeException;
import org.kotangent.ad.DomainException;
import org.kotangent.ad.Shape;
import org.kotangent.ad.Tensor;
import org.kotangent.ad.UnknownNumberException;

/**
 * Random tensors and permutations as pure functions of a {@link Key}.
 *
 * <p>The same key gives the same bits on every machine: besides IEEE arithmetic only {@link
 * StrictMath} is used. Number i depends on the key and i alone, so that a smaller tensor holds the
 * first numbers of a larger one whatever their shapes, and F32 numbers are the F64 numbers rounded.
 * Two calls with one key are therefore anything but independent: split the key first.
 *
 * <p>Of several keys that are one value, [*b], every key draws its own numbers: [*b, *shape].
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
    return draw(key, new Distribution.Uniform(dtype, low, high), shape);
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
    return draw(key, new Distribution.Normal(dtype, mean, deviation), shape);
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
    return draw(key, new Distribution.Bernoulli(p), shape);
  }

  /**
   * The numbers 0, …, n − 1 in random order, each order equally likely up to a bias of n²·2⁻⁶⁴.
   *
   * <p>Source: Durstenfeld, "Algorithm 235: Random permutation" (1964); a place below i is
   * ⌊i·w/2⁶⁴⌋ for a word w of the key's stream.
   *
   * @throws DomainException if n is negative
   * @throws UnknownNumberException while a function of the key is captured or batched; {@link
   *     #order} is for these
   */
  public static int[] permutation(Key key, int n) {
    var words = key.words("permutation", n);
    var order = new int[n];
    Permutation.shuffle(words, n, order, 0);
    return order;
  }

  /**
   * The numbers of {@link #permutation} as a tensor, to gather by. (key) → I32 [n].
   *
   * @throws DomainException if n is negative
   */
  public static Tensor order(Key key, int n) {
    Key.requireCount("order", n);
    return new Permutation(n).apply(key.tensor());
  }

  private static Tensor draw(Key key, Distribution distribution, int... shape) {
    return new Draw(distribution, Shape.of(shape)).apply(key.tensor());
  }

  private static void requireFloating(String op, DType dtype) {
    if (!dtype.isFloating()) {
      throw Checks.dtype(op, "the type must be floating", dtype.label(), "ask for F32 or F64");
    }
  }
}
