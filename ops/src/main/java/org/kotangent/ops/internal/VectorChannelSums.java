package org.kotangent.ops.internal;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.kotangent.ad.Arr;
import org.kotangent.ad.DType;
import org.kotangent.ad.internal.Hot;

/**
 * Sums over channels of F32 with the Vector API.
 *
 * <p>Terms are made and eight of them added in single precision, by halves, and these sums added in
 * double, in as many lanes as a vector has: every term counts with a relative error of at most 5
 * ulp, and no error grows with the number of terms. Where terms may have overflowed or vanished,
 * and for everything else than long runs of F32, it is the portable sums.
 */
final class VectorChannelSums implements ChannelSums {
  static final ChannelSums INSTANCE = new VectorChannelSums();

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Double> DOUBLES =
      VectorSpecies.of(double.class, FLOATS.vectorShape());
  private static final int LANES = FLOATS.length();
  private static final int HALF = DOUBLES.length();
  private static final int BLOCK = 4 * LANES;

  /** A sum of products that is as large as this has lost nothing to products that vanished. */
  private static final double SMALL = 1e-30;

  /** What is summed to have the sums optimised. */
  private static final float[] NUMBERS = new float[Hot.TURNS * (BLOCK + LANES)];

  /** Operations on vectors for a block of numbers. */
  private static final int OPERATIONS = 25;

  private static final double[] SUMS = new double[2 * LANES];

  private final ChannelSums portable = new PortableChannelSums();
  private final Hot moments =
      hot(turns -> moments(NUMBERS, 0, turns * (BLOCK + LANES), 0, SUMS, 0));
  private final Hot products =
      hot(turns -> products(NUMBERS, NUMBERS, 0, turns * (BLOCK + LANES), 0, SUMS, 0));

  private static Hot hot(IntConsumer turns) {
    return new Hot(() -> new Hot.Exercise(OPERATIONS, turns));
  }

  private static boolean isFor(ChannelStatistics s, Arr x) {
    return x.dtype() == DType.F32 && s.size() >= LANES;
  }

  @Override
  public void moments(ChannelStatistics s, int from, int to, Arr x, double[] about, double[] into) {
    if (!isFor(s, x)) {
      portable.moments(s, from, to, x, about, into);
      return;
    }
    int channels = s.channels();
    int size = s.size();
    boolean hot = moments.is();
    double[] lanes = zeros(channels);
    for (int run = from * channels; run < to * channels; run++) {
      int c = run % channels;
      int start = run * size;
      int end = start + size;
      float a = (float) about[c];
      if (hot) {
        moments(x.f32(), start, end, a, lanes, 2 * c * LANES);
      } else {
        PlainChannelLanes.moments(x.f32(), start, end, a, lanes, 2 * c * LANES, LANES);
      }
      momentsOfRest(x.f32(), end - size % LANES, end, a, lanes, 2 * c * LANES);
    }
    addTotals(channels, lanes, into, sums -> portable.moments(s, from, to, x, about, sums));
  }

  private static void moments(float[] x, int from, int end, float about, double[] lanes, int at) {
    FloatVector s = FloatVector.broadcast(FLOATS, about);
    DoubleVector sumLow = DoubleVector.fromArray(DOUBLES, lanes, at);
    DoubleVector sumHigh = DoubleVector.fromArray(DOUBLES, lanes, at + HALF);
    DoubleVector squareLow = DoubleVector.fromArray(DOUBLES, lanes, at + LANES);
    DoubleVector squareHigh = DoubleVector.fromArray(DOUBLES, lanes, at + LANES + HALF);
    int i = from;
    for (; i + BLOCK <= end; i += BLOCK) {
      FloatVector a = centred(x, i, s);
      FloatVector b = centred(x, i + LANES, s);
      FloatVector c = centred(x, i + 2 * LANES, s);
      FloatVector d = centred(x, i + 3 * LANES, s);
      FloatVector sum = a.add(b).add(c.add(d));
      FloatVector square = a.fma(a, b.mul(b)).add(c.fma(c, d.mul(d)));
      sumLow = sumLow.add(low(sum));
      sumHigh = sumHigh.add(high(sum));
      squareLow = squareLow.add(low(square));
      squareHigh = squareHigh.add(high(square));
    }
    for (; i + LANES <= end; i += LANES) {
      FloatVector a = centred(x, i, s);
      FloatVector square = a.mul(a);
      sumLow = sumLow.add(low(a));
      sumHigh = sumHigh.add(high(a));
      squareLow = squareLow.add(low(square));
      squareHigh = squareHigh.add(high(square));
    }
    sumLow.intoArray(lanes, at);
    sumHigh.intoArray(lanes, at + HALF);
    squareLow.intoArray(lanes, at + LANES);
    squareHigh.intoArray(lanes, at + LANES + HALF);
  }

  private static void momentsOfRest(
      float[] x, int from, int end, float about, double[] lanes, int at) {
    for (int i = from, j = at; i < end; i++, j++) {
      double d = (double) x[i] - about;
      lanes[j] += d;
      lanes[j + LANES] += d * d;
    }
  }

  @Override
  public void products(
      ChannelStatistics s, int from, int to, Arr x, double[] mean, Arr v, double[] into) {
    if (!isFor(s, x)) {
      portable.products(s, from, to, x, mean, v, into);
      return;
    }
    int channels = s.channels();
    int size = s.size();
    boolean hot = products.is();
    double[] lanes = zeros(channels);
    for (int run = from * channels; run < to * channels; run++) {
      int c = run % channels;
      int start = run * size;
      int end = start + size;
      float m = (float) mean[c];
      if (hot) {
        products(x.f32(), v.f32(), start, end, m, lanes, 2 * c * LANES);
      } else {
        PlainChannelLanes.products(x.f32(), v.f32(), start, end, m, lanes, 2 * c * LANES, LANES);
      }
      productsOfRest(x.f32(), v.f32(), end - size % LANES, end, m, lanes, 2 * c * LANES);
    }
    addTotals(channels, lanes, into, sums -> portable.products(s, from, to, x, mean, v, sums));
  }

  private static void products(
      float[] x, float[] v, int from, int end, float mean, double[] lanes, int at) {
    FloatVector s = FloatVector.broadcast(FLOATS, mean);
    DoubleVector sumLow = DoubleVector.fromArray(DOUBLES, lanes, at);
    DoubleVector sumHigh = DoubleVector.fromArray(DOUBLES, lanes, at + HALF);
    DoubleVector productLow = DoubleVector.fromArray(DOUBLES, lanes, at + LANES);
    DoubleVector productHigh = DoubleVector.fromArray(DOUBLES, lanes, at + LANES + HALF);
    int i = from;
    for (; i + BLOCK <= end; i += BLOCK) {
      FloatVector a = FloatVector.fromArray(FLOATS, v, i);
      FloatVector b = FloatVector.fromArray(FLOATS, v, i + LANES);
      FloatVector c = FloatVector.fromArray(FLOATS, v, i + 2 * LANES);
      FloatVector d = FloatVector.fromArray(FLOATS, v, i + 3 * LANES);
      FloatVector sum = a.add(b).add(c.add(d));
      FloatVector ab = centred(x, i, s).fma(a, centred(x, i + LANES, s).mul(b));
      FloatVector cd = centred(x, i + 2 * LANES, s).fma(c, centred(x, i + 3 * LANES, s).mul(d));
      FloatVector product = ab.add(cd);
      sumLow = sumLow.add(low(sum));
      sumHigh = sumHigh.add(high(sum));
      productLow = productLow.add(low(product));
      productHigh = productHigh.add(high(product));
    }
    for (; i + LANES <= end; i += LANES) {
      FloatVector a = FloatVector.fromArray(FLOATS, v, i);
      FloatVector product = centred(x, i, s).mul(a);
      sumLow = sumLow.add(low(a));
      sumHigh = sumHigh.add(high(a));
      productLow = productLow.add(low(product));
      productHigh = productHigh.add(high(product));
    }
    sumLow.intoArray(lanes, at);
    sumHigh.intoArray(lanes, at + HALF);
    productLow.intoArray(lanes, at + LANES);
    productHigh.intoArray(lanes, at + LANES + HALF);
  }

  private static void productsOfRest(
      float[] x, float[] v, int from, int end, float mean, double[] lanes, int at) {
    for (int i = from, j = at; i < end; i++, j++) {
      double d = v[i];
      lanes[j] += d;
      lanes[j + LANES] += ((double) x[i] - mean) * d;
    }
  }

  private static FloatVector centred(float[] x, int at, FloatVector mean) {
    return FloatVector.fromArray(FLOATS, x, at).sub(mean);
  }

  private static DoubleVector low(FloatVector x) {
    return (DoubleVector) x.convertShape(VectorOperators.F2D, DOUBLES, 0);
  }

  private static DoubleVector high(FloatVector x) {
    return (DoubleVector) x.convertShape(VectorOperators.F2D, DOUBLES, 1);
  }

  private static double[] zeros(int channels) {
    double[] lanes = Scratch.mine().numbers(2, 2 * LANES * channels);
    Arrays.fill(lanes, 0, 2 * LANES * channels, 0);
    return lanes;
  }

  /** Adds the lanes of every sum by halves, or what is exact for channels that need it. */
  private static void addTotals(
      int channels, double[] lanes, double[] into, Consumer<double[]> exact) {
    double[] others = {};
    for (int c = 0; c < channels; c++) {
      double first = total(lanes, 2 * c * LANES);
      double second = total(lanes, (2 * c + 1) * LANES);
      boolean trusted = isTrusted(first, second);
      if (!trusted && others.length == 0) {
        others = new double[2 * channels];
        exact.accept(others);
      }
      into[2 * c] += trusted ? first : others[2 * c];
      into[2 * c + 1] += trusted ? second : others[2 * c + 1];
    }
  }

  private static boolean isTrusted(double first, double second) {
    boolean nothing = first == 0 && second == 0;
    return Double.isFinite(first)
        && Double.isFinite(second)
        && (nothing || Math.abs(second) >= SMALL);
  }

  private static double total(double[] lanes, int at) {
    for (int half = LANES / 2; half > 0; half /= 2) {
      for (int j = at; j < at + half; j++) {
        lanes[j] += lanes[j + half];
      }
    }
    return lanes[at];
  }
}
