package org.kotangent.ops;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.kotangent.ad.Arr;
import org.kotangent.ad.DType;
import org.kotangent.ad.Linear;
import org.kotangent.ad.Primitive;
import org.kotangent.ad.Residuals;
import org.kotangent.ad.Shape;
import org.kotangent.ad.Spec;
import org.kotangent.ad.Tensor;
import org.kotangent.ops.internal.Kernels;
import org.kotangent.ops.internal.MeanPooling;
import org.kotangent.ops.internal.PoolShape;
import org.kotangent.ops.internal.Taps;

/**
 * Pooling over the last two axes, whatever comes before them.
 *
 * <p>Max pooling also gives where the maxima are. Once that is known it is linear: its tangent
 * gathers, and its cotangent scatters. The positions count within a plane, so that further leading
 * axes do not disturb them. Source: Boué 2018, eq. 22; Vedaldi 2022, eq. 3.9, 3.11 and 3.13.
 */
final class Pools {
  private Pools() {}

  static Tensor max(Tensor x, Pool2d pool) {
    return new Max(pool).applyAll(x).get(0);
  }

  static Tensor mean(Tensor x, Pool2d pool) {
    return new Mean(pool).apply(x);
  }

  /**
   * The maximum of each window, and where it is in its plane, of which nothing is differentiated.
   */
  private static final class Max extends Primitive {
    private final Pool2d pool;

    Max(Pool2d pool) {
      this.pool = pool;
    }

    @Override
    public String name() {
      return "maxPool2d";
    }

    @Override
    public Object attributes() {
      return pool;
    }

    @Override
    public Spec[] infer(Spec[] in) {
      Checks.requireFloating(name(), in, "x");
      Shape x = in[0].shape();
      Spec y = in[0].withShape(outputShape(x, sizes(name(), x, pool)));
      return new Spec[] {y, new Spec(DType.I32, y.shape())};
    }

    @Override
    public long flops(Spec[] in, Spec[] out) {
      return out[0].shape().size() * area(pool);
    }

    @Override
    public void kernel(Arr[] in, Arr[] out) {
      PoolShape sizes = sizes(name(), in[0].shape(), pool);
      Kernels.chosen().maxPool(sizes, in[0], out[0], out[1].i32());
    }

    @Override
    public boolean needsInput(int i, boolean[] active) {
      return false;
    }

    @Override
    public boolean needsOutput(int j, boolean[] active) {
      return j == 1;
    }

    @Override
    public @Nullable Tensor[] jvp(Tensor[] x, Tensor[] y, @Nullable Tensor[] dx) {
      Tensor d = dx[0];
      return new @Nullable Tensor[] {
        d == null ? null : new InPlane.Take(pool).apply(d, y[1]), null
      };
    }

    @Override
    public @Nullable Tensor[] vjp(Residuals r, @Nullable Tensor[] gy) {
      Tensor g = gy[0];
      Shape x = r.in(0).shape();
      return new @Nullable Tensor[] {
        g == null ? null : new InPlane.Scatter(x.dim(-2), x.dim(-1), pool).apply(g, r.y(1))
      };
    }

    @Override
    public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
      return applyAll(in).toArray(Tensor[]::new);
    }
  }

  /** The mean of each window. */
  private static final class Mean extends Linear {
    private final Pool2d pool;

    Mean(Pool2d pool) {
      this.pool = pool;
    }

    @Override
    public String name() {
      return "avgPool2d";
    }

    @Override
    public Object attributes() {
      return pool;
    }

    @Override
    public Spec[] infer(Spec[] in) {
      Checks.requireFloating(name(), in, "x");
      Shape x = in[0].shape();
      return new Spec[] {in[0].withShape(outputShape(x, sizes(name(), x, pool)))};
    }

    @Override
    public long flops(Spec[] in, Spec[] out) {
      return out[0].shape().size() * (area(pool) + 1);
    }

    @Override
    public void kernel(Arr[] in, Arr[] out) {
      MeanPooling.mean(sizes(name(), in[0].shape(), pool), pool.countPadding(), in[0], out[0]);
    }

    @Override
    protected Tensor adjoint(Spec x, Tensor[] others, Tensor gy) {
      return new MeanAdjoint(pool, x.shape().dim(-2), x.shape().dim(-1)).apply(gy);
    }

    @Override
    public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
      return new Tensor[] {apply(in)};
    }
  }

  /** Spreads a number evenly over its window. */
  private static final class MeanAdjoint extends Linear {
    private final Pool2d pool;
    private final int height;
    private final int width;

    MeanAdjoint(Pool2d pool, int height, int width) {
      this.pool = pool;
      this.height = height;
      this.width = width;
    }

    @Override
    public String name() {
      return "avgPool2dAdjoint";
    }

    @Override
    public Object attributes() {
      return List.of(pool, height, width);
    }

    @Override
    public Spec[] infer(Spec[] in) {
      return new Spec[] {in[0].withShape(in[0].shape().with(-2, height).with(-1, width))};
    }

    @Override
    public long flops(Spec[] in, Spec[] out) {
      return in[0].shape().size() * (area(pool) + 1);
    }

    @Override
    public void kernel(Arr[] in, Arr[] out) {
      PoolShape sizes = sizes(name(), out[0].shape(), pool);
      MeanPooling.adjoint(sizes, pool.countPadding(), in[0], out[0]);
    }

    @Override
    protected Tensor adjoint(Spec x, Tensor[] others, Tensor gy) {
      return mean(gy, pool);
    }

    @Override
    public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
      return new Tensor[] {apply(in)};
    }
  }

  private static long area(Pool2d pool) {
    return (long) pool.height() * pool.width();
  }

  /** How many planes there are. */
  static int planes(Shape s) {
    return s.drop(-1).drop(-1).size();
  }

  static PoolShape sizes(String op, Shape x, Pool2d pool) {
    if (x.rank() < 2) {
      throw Checks.shape(
          op, "needs images [*, h, w]", "x: " + x, "reshape x to have rows and columns");
    }
    Taps rows = Windows.rows(op, x, pool);
    Taps columns = Windows.columns(op, x, pool);
    if (!rows.everyWindowTouches() || !columns.everyWindowTouches()) {
      throw Checks.shape(
          op,
          "every window must touch the image",
          "x: "
              + x
              + ", window: "
              + pool.height()
              + "×"
              + pool.width()
              + ", padding: "
              + pool.padding(),
          "use less padding");
    }
    return new PoolShape(planes(x), rows, columns);
  }

  private static Shape outputShape(Shape x, PoolShape s) {
    return x.with(-2, s.height().out()).with(-1, s.width().out());
  }
}
