package org.kotangent.ops.internal;

import org.kotangent.ad.Announcing.Ready;
import org.kotangent.ad.Arr;

/** The kernels that are faster with the Vector API. */
final class VectorKernels implements Kernels {
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
    s.normalise(VectorChannelSums.INSTANCE, x, gamma, beta, epsilon, y, mean, variance);
  }

  @Override
  public void products(
      ChannelStatistics s,
      Arr x,
      Arr mean,
      Arr variance,
      double epsilon,
      Arr v,
      Arr product,
      Arr sum) {
    s.products(VectorChannelSums.INSTANCE, x, mean, variance, epsilon, v, product, sum);
  }

  @Override
  public void maxPool(PoolShape s, Arr x, Arr y, int[] index) {
    if (VectorPooling.isFor(s, x) && VectorPooling.isHot()) {
      VectorPooling.max(s, x.f32(), y.f32(), index);
    } else {
      Pooling.max(s, x, y, index);
    }
  }

  @Override
  public <A> void multiply(
      int m, int n, int k, Matrix<A> a, Matrix<A> b, Matrix<A> c, Ready ready) {
    ThinProduct.multiply(m, n, k, a, b, c, ready, VectorGemm::multiply);
  }

  @Override
  public <A> void convolve(ConvShape s, A x, A w, A y, Ready ready) {
    if (isWide(s, y)) {
      VectorConvolution.forward(s.flat(), x, w, y, ready);
    } else {
      Kernels.super.convolve(s, x, w, y, ready);
    }
  }

  @Override
  public <A> void inputGradient(ConvShape s, A gy, A w, A gx) {
    if (isWide(s, gx)) {
      VectorInputGradient.inputGradient(s.flat(), gy, w, gx);
    } else {
      Convolution.inputGradient(s, gy, w, gx);
    }
  }

  @Override
  public <A> void weightGradient(ConvShape s, A x, A gy, A gw) {
    if (isWide(s, gw)) {
      VectorWeightGradient.weightGradient(s.flat(), x, gy, gw);
    } else {
      Convolution.weightGradient(s, x, gy, gw);
    }
  }

  /** Whether rows of the output fill a good part of a vector. */
  private static <A> boolean isWide(ConvShape s, A array) {
    return 2 * s.flat().width().out() >= Numbers.of(array).lanes();
  }
}
