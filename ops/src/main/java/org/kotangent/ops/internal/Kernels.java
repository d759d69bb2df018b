package org.kotangent.ops.internal;

import org.kotangent.ad.Announcing.Ready;
import org.kotangent.ad.Arr;
import org.kotangent.ad.internal.Provider;

/**
 * The kernels that are worth writing for more than one kind of machine, here in plain Java. Every
 * implementation computes each result in an order that depends on the shapes alone, never on the
 * number of threads.
 */
public interface Kernels {
  /** The kernels in use. */
  static Kernels chosen() {
    return Chosen.KERNELS;
  }

  /** The kernels of a provider. */
  static Kernels of(Provider provider) {
    return switch (provider) {
      case NATIVE -> new NativeKernels();
      case VECTOR -> new VectorKernels();
      case OPENBLAS -> new OpenBlasKernels();
      case PORTABLE -> new Kernels() {};
    };
  }

  /** Holds the choice, which is made on first use. */
  final class Chosen {
    private static final Kernels KERNELS = of(Provider.chosen());

    private Chosen() {}
  }

  /** Writes c = a·b, whose rows follow each other in an array; see {@link Gemm#multiply}. */
  default <A> void multiply(
      int m, int n, int k, Matrix<A> a, Matrix<A> b, Matrix<A> c, Ready ready) {
    Gemm.multiply(m, n, k, a, b, c);
    ready.elements(c.offset(), c.offset() + m * n);
  }

  /** Writes y = x ⊛ w; see {@link Convolution#forward}. */
  default <A> void convolve(ConvShape s, A x, A w, A y, Ready ready) {
    Convolution.forward(s, x, w, y);
    ready.elements(0, s.images() * s.filters() * s.positions());
  }

  /** Writes the gradient of a convolution's input; see {@link Convolution#inputGradient}. */
  default <A> void inputGradient(ConvShape s, A gy, A w, A gx) {
    Convolution.inputGradient(s, gy, w, gx);
  }

  /** Writes the gradient of a convolution's weights; see {@link Convolution#weightGradient}. */
  default <A> void weightGradient(ConvShape s, A x, A gy, A gw) {
    Convolution.weightGradient(s, x, gy, gw);
  }

  /** Batch normalisation; see {@link ChannelStatistics}. */
  default void normalise(
      ChannelStatistics s,
      Arr x,
      Arr gamma,
      Arr beta,
      double epsilon,
      Arr y,
      Arr mean,
      Arr variance) {
    s.normalise(new PortableChannelSums(), x, gamma, beta, epsilon, y, mean, variance);
  }

  /** The sums in the derivative of batch normalisation; see {@link ChannelStatistics}. */
  default void products(
      ChannelStatistics s,
      Arr x,
      Arr mean,
      Arr variance,
      double epsilon,
      Arr v,
      Arr product,
      Arr sum) {
    s.products(new PortableChannelSums(), x, mean, variance, epsilon, v, product, sum);
  }

  /** The largest number of each window and where it is; see {@link Pooling#max}. */
  default void maxPool(PoolShape s, Arr x, Arr y, int[] index) {
    Pooling.max(s, x, y, index);
  }

  /**
   * The adjoint of taking the maxima: gx sums gy where the maxima were; see {@link
   * Pooling#scatter}.
   *
   * @param distinct whether no number is the maximum of two windows
   */
  default void scatterMaxima(PoolShape s, boolean distinct, Arr gy, int[] index, Arr gx) {
    Pooling.scatter(s.planes(), s.windows(), s.plane(), distinct, gy, index, gx);
  }
}
