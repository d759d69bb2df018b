package org.kotangent.bench;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Numbers that look random and are the same in every process. */
public final class Numbers {
  private Numbers() {}

  /** Normally distributed numbers with mean 0, drawn from the seed. */
  public static float[] normal(long seed, int n, double deviation) {
    var random = new SplittableRandom(seed);
    float[] result = new float[n];
    for (int i = 0; i < n; i++) {
      result[i] = (float) (deviation * random.nextGaussian());
    }
    return result;
  }

  /** Labels from 0 to {@code classes − 1}, drawn from the seed. */
  public static int[] labels(long seed, int n, int classes) {
    return new SplittableRandom(seed).ints(n, 0, classes).toArray();
  }

  /** The same number over and over. */
  public static float[] constant(int n, float number) {
    float[] result = new float[n];
    Arrays.fill(result, number);
    return result;
  }

  /** The order in which an epoch takes n examples, drawn from the seed (Fisher and Yates). */
  public static int[] permutation(long seed, int n) {
    var random = new SplittableRandom(seed);
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
