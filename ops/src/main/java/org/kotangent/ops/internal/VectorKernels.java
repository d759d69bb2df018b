package org.kotangent.ops.internal;

import org.kotangent.ad.Arr;

/** The kernels that are faster with the Vector API. */
final class VectorKernels implements Kernels {
  private static final ChannelSums CHANNEL_SUMS = new VectorChannelSums();

  @Override
  public void normalise(
      ChannelStatistics s,
      Arr x,
      Arr gamma,
      Arr beta,
      double epsilon,
      Arr y,
      Arr mean,
      Arr variance) {
    s.normalise(CHANNEL_SUMS, x, gamma, beta, epsilon, y, mean, variance);
  }

  @Override
  public void project(
      ChannelStatistics s,
      Arr x,
      Arr gamma,
      Arr mean,
      Arr variance,
      double epsilon,
      Arr v,
      Arr projection,
      Arr product,
      Arr sum) {
    s.project(CHANNEL_SUMS, x, gamma, mean, variance, epsilon, v, projection, product, sum);
  }

  @Override
  public void maxPool(PoolShape s, Arr x, Arr y, int[] index) {
    if (VectorPooling.isFor(s, x)) {
      VectorPooling.max(s, x.f32(), y.f32(), index);
    } else {
      Pooling.max(s, x, y, index);
    }
  }
}
