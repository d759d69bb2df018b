package org.kotangent.ops.internal;

import org.kotangent.ad.Announcing.Ready;
import org.kotangent.ad.Arr;
import org.kotangent.ad.internal.Provider;

/**
 * Products, convolutions, the sums of batch normalisation and pooling by windows of 2×2 in machine
 * code, everything else by the Vector API where it is there and in plain Java where not.
 */
final class NativeKernels implements Kernels {
  private static final ChannelSums CHANNEL_SUMS = new NativeChannelSums();

  private final Kernels others =
      Kernels.of(Provider.NATIVE.usesVectors() ? Provider.VECTOR : Provider.PORTABLE);

  @Override
  public <A> void multiply(
      int m, int n, int k, Matrix<A> a, Matrix<A> b, Matrix<A> c, Ready ready) {
    ThinProduct.multiply(m, n, k, a, b, c, ready, NativeGemm::multiply);
  }

  @Override
  public <A> void convolve(ConvShape s, A x, A w, A y, Ready ready) {
    var geometry = NativeGeometry.of(s, y);
    if (geometry.isFit()) {
      geometry.forward.run(x, w, y, ready);
    } else {
      others.convolve(s, x, w, y, ready);
    }
  }

  @Override
  public <A> void inputGradient(ConvShape s, A gy, A w, A gx) {
    var geometry = NativeGeometry.of(s, gx);
    if (geometry.isFit()) {
      geometry.inputGradient.run(gy, w, gx);
    } else {
      others.inputGradient(s, gy, w, gx);
    }
  }

  @Override
  public <A> void weightGradient(ConvShape s, A x, A gy, A gw) {
    var geometry = NativeGeometry.of(s, gw);
    if (geometry.isFit()) {
      geometry.weightGradient.run(x, gy, gw);
    } else {
      others.weightGradient(s, x, gy, gw);
    }
  }

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
  public void products(
      ChannelStatistics s,
      Arr x,
      Arr mean,
      Arr variance,
      double epsilon,
      Arr v,
      Arr product,
      Arr sum) {
    s.products(CHANNEL_SUMS, x, mean, variance, epsilon, v, product, sum);
  }

  @Override
  public void maxPool(PoolShape s, Arr x, Arr y, int[] index) {
    if (NativePooling.isFor(s, x)) {
      NativePooling.max(s, x.f32(), y.f32(), index);
    } else {
      others.maxPool(s, x, y, index);
    }
  }

  @Override
  public void scatterMaxima(PoolShape s, boolean distinct, Arr gy, int[] index, Arr gx) {
    if (NativePooling.isFor(s, gx)) {
      NativePooling.adjoint(s, gy.f32(), index, gx.f32());
    } else {
      others.scatterMaxima(s, distinct, gy, index, gx);
    }
  }
}
