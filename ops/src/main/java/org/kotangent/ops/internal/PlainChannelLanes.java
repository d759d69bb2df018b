package org.kotangent.ops.internal;

/**
 * What {@link VectorChannelSums} adds to its lanes, in plain Java and to the same bits, for the
 * time before its vector form is compiled.
 */
final class PlainChannelLanes {
  private PlainChannelLanes() {}

  /** Adds x − about and (x − about)². */
  static void moments(float[] x, int from, int end, float about, double[] lanes, int at, int n) {
    for (int lane = 0; lane < n; lane++) {
      double sum = lanes[at + lane];
      double squares = lanes[at + n + lane];
      int i = from + lane;
      for (; i - lane + 4 * n <= end; i += 4 * n) {
        float a = x[i] - about;
        float b = x[i + n] - about;
        float c = x[i + 2 * n] - about;
        float d = x[i + 3 * n] - about;
        sum += a + b + (c + d);
        squares += Math.fma(a, a, b * b) + Math.fma(c, c, d * d);
      }
      for (; i - lane + n <= end; i += n) {
        float a = x[i] - about;
        sum += a;
        squares += a * a;
      }
      lanes[at + lane] = sum;
      lanes[at + n + lane] = squares;
    }
  }

  /** Adds v and (x − mean)·v. */
  static void products(
      float[] x, float[] v, int from, int end, float mean, double[] lanes, int at, int n) {
    for (int lane = 0; lane < n; lane++) {
      double sum = lanes[at + lane];
      double products = lanes[at + n + lane];
      int i = from + lane;
      for (; i - lane + 4 * n <= end; i += 4 * n) {
        float a = v[i];
        float b = v[i + n];
        float c = v[i + 2 * n];
        float d = v[i + 3 * n];
        sum += a + b + (c + d);
        products +=
            Math.fma(x[i] - mean, a, (x[i + n] - mean) * b)
                + Math.fma(x[i + 2 * n] - mean, c, (x[i + 3 * n] - mean) * d);
      }
      for (; i - lane + n <= end; i += n) {
        sum += v[i];
        products += (x[i] - mean) * v[i];
      }
      lanes[at + lane] = sum;
      lanes[at + n + lane] = products;
    }
  }
}
