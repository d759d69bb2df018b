package org.kotangent.ops;

import java.util.List;
import org.kotangent.ad.Arr;
import org.kotangent.ad.Batching;
import org.kotangent.ad.Linear;
import org.kotangent.ad.Moving;
import org.kotangent.ad.Shape;
import org.kotangent.ad.Spec;
import org.kotangent.ad.Tensor;
import org.kotangent.ops.internal.Pooling;

/**
 * Numbers taken from places in their plane, which is the last two axes, and the adjoint that puts
 * them back: what max pooling is once it is known where the maxima are.
 */
final class InPlane {
  private InPlane() {}

  /** y[*, i] = x[*, index[*, i]], where i and the index run over the last two axes. */
  static final class Take extends Linear implements Moving {
    private final boolean distinct;

    /** {@code distinct} says that no number is taken twice. */
    Take(boolean distinct) {
      this.distinct = distinct;
    }

    @Override
    public String name() {
      return "takeInPlane";
    }

    @Override
    public Object attributes() {
      return distinct;
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
      return new Scatter(x.shape().dim(-2), x.shape().dim(-1), distinct).apply(gy, others[0]);
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
    private final boolean distinct;

    /** {@code distinct} says that no two numbers have the same place. */
    Scatter(int height, int width, boolean distinct) {
      this.height = height;
      this.width = width;
      this.distinct = distinct;
    }

    @Override
    public String name() {
      return "scatterInPlane";
    }

    @Override
    public Object attributes() {
      return List.of(height, width, distinct);
    }

    @Override
    public Spec[] infer(Spec[] in) {
      return new Spec[] {in[0].withShape(in[0].shape().with(-2, height).with(-1, width))};
    }

    @Override
    public long flops(Spec[] in, Spec[] out) {
      return distinct ? 0 : in[0].shape().size();
    }

    @Override
    public void kernel(Arr[] in, Arr[] out) {
      Shape x = in[0].shape();
      Shape y = out[0].shape();
      Pooling.scatter(Pools.planes(x), plane(x), plane(y), distinct, in[0], in[1].i32(), out[0]);
    }

    @Override
    protected Tensor adjoint(Spec x, Tensor[] others, Tensor gy) {
      return new Take(distinct).apply(gy, others[0]);
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
