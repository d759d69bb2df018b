package org.kotangent.ops;

import java.util.List;
import org.kotangent.ad.Arr;
import org.kotangent.ad.Batching;
import org.kotangent.ad.Linear;
import org.kotangent.ad.Moving;
import org.kotangent.ad.Shape;
import org.kotangent.ad.Spec;
import org.kotangent.ad.Tensor;
import org.kotangent.ops.internal.Kernels;
import org.kotangent.ops.internal.Pooling;

/**
 * The maxima of windows taken from where they are in their plane, which is the last two axes, and
 * the adjoint that puts numbers there: what max pooling is once its positions are known.
 */
final class InPlane {
  private InPlane() {}

  /** y[*, i] = x[*, index[*, i]], where i and the index run over the last two axes. */
  static final class Take extends Linear implements Moving {
    private final Pool2d pool;

    /** Of the windows of a pooling. */
    Take(Pool2d pool) {
      this.pool = pool;
    }

    @Override
    public String name() {
      return "takeInPlane";
    }

    @Override
    public Object attributes() {
      return pool;
    }

    @Override
    public Spec[] infer(Spec[] in) {
      return new Spec[] {in[0].withShape(in[1].shape())};
    }

    @Override
    public void kernel(Arr[] in, Arr[] out) {
      Shape x = in[0].shape();
      Shape y = out[0].shape();
      Pooling.take(Pools.planes(x), plane(x), plane(y), in[0], in[1].i32(), out[0]);
    }

    @Override
    protected Tensor adjoint(Spec x, Tensor[] others, Tensor gy) {
      return new Scatter(x.shape().dim(-2), x.shape().dim(-1), pool).apply(gy, others[0]);
    }

    @Override
    public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
      return new Tensor[] {apply(Batching.expanded(in, batched, size))};
    }
  }

  /** y[*, index[*, i]] sums x[*, i], where i and the index run over the last two axes. */
  static final class Scatter extends Linear {
    private final int height;
    private final int width;
    private final Pool2d pool;

    /** To planes of a size, of the windows of a pooling. */
    Scatter(int height, int width, Pool2d pool) {
      this.height = height;
      this.width = width;
      this.pool = pool;
    }

    @Override
    public String name() {
      return "scatterInPlane";
    }

    @Override
    public Object attributes() {
      return List.of(height, width, pool);
    }

    @Override
    public Spec[] infer(Spec[] in) {
      return new Spec[] {in[0].withShape(in[0].shape().with(-2, height).with(-1, width))};
    }

    @Override
    public long flops(Spec[] in, Spec[] out) {
      return pool.windowsAreApart() ? 0 : in[0].shape().size();
    }

    @Override
    public void kernel(Arr[] in, Arr[] out) {
      Kernels.chosen()
          .scatterMaxima(
              Pools.sizes(name(), out[0].shape(), pool),
              pool.windowsAreApart(),
              in[0],
              in[1].i32(),
              out[0]);
    }

    @Override
    protected Tensor adjoint(Spec x, Tensor[] others, Tensor gy) {
      return new Take(pool).apply(gy, others[0]);
    }

    @Override
    public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
      return new Tensor[] {apply(Batching.expanded(in, batched, size))};
    }
  }

  private static int plane(Shape s) {
    return s.dim(-2) * s.dim(-1);
  }
}
