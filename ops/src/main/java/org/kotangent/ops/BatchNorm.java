package org.kotangent.ops;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.kotangent.ad.Arr;
import org.kotangent.ad.Batching;
import org.kotangent.ad.Core;
import org.kotangent.ad.Elementwise;
import org.kotangent.ad.Expr;
import org.kotangent.ad.Primitive;
import org.kotangent.ad.Residuals;
import org.kotangent.ad.Shape;
import org.kotangent.ad.Spec;
import org.kotangent.ad.Tensor;
import org.kotangent.ops.internal.ChannelStatistics;
import org.kotangent.ops.internal.Kernels;

/**
 * Batch normalisation, y = γ·x̂ + β with x̂ = (x − μ)/√(σ² + ε), where μ and σ² are the mean and
 * the population variance of each channel, which are results too.
 *
 * <p>Its Jacobian in x is symmetric: with m numbers per channel, the direction v goes to
 *
 * <pre>
 * P(v) = γ/√(σ² + ε) · (v − Σv/m − x̂·Σx̂v/m)
 * </pre>
 *
 * <p>so forward and reverse mode share two operations: {@link Products}, the sums, which are also
 * the gradients of β and γ, and what they leave to do to each number. Source: Boué 2018, eq. 41–43.
 */
final class BatchNorm extends Primitive {
  /** (v − constant − (x − μ)·slope)·scale, of v, x, μ, constant, slope and scale. */
  private static final Elementwise PROJECTED = projected();

  private static Elementwise projected() {
    Expr v = new Expr.Variable(0);
    Expr centred = new Expr.Variable(1).minus(new Expr.Variable(2));
    Expr constant = new Expr.Variable(3);
    Expr slope = new Expr.Variable(4);
    Expr scale = new Expr.Variable(5);
    Expr rest = v.minus(constant).minus(centred.times(slope));
    Expr along = slope.times(scale);
    return Elementwise.of(
        "batchNormProjected",
        rest.times(scale),
        List.of(scale, along.neg(), along, scale.neg(), centred.times(scale).neg(), rest));
  }

  private final double epsilon;

  private BatchNorm(double epsilon) {
    this.epsilon = epsilon;
  }

  static List<Tensor> apply(Tensor x, Tensor gamma, Tensor beta, double epsilon) {
    return new BatchNorm(epsilon).applyAll(x, gamma, beta);
  }

  /** y = γ(x − μ)/√(σ² + ε) + β with given μ and σ². */
  static Tensor withStatistics(
      Tensor x, Tensor gamma, Tensor beta, Tensor mean, Tensor variance, double epsilon) {
    Spec[] specs = {x.spec(), gamma.spec(), beta.spec(), mean.spec(), variance.spec()};
    requireChannels(specs, "x", "gamma", "beta", "mean", "variance");
    int rank = x.rank();
    Tensor scale = gamma.times(inverseDeviation(variance, epsilon));
    Tensor shift = beta.minus(mean.times(scale));
    return x.times(perChannel(scale, rank)).plus(perChannel(shift, rank));
  }

  @Override
  public String name() {
    return "batchNorm";
  }

  @Override
  public Object attributes() {
    return epsilon;
  }

  @Override
  public Spec[] infer(Spec[] in) {
    requireChannels(in, "x", "gamma", "beta");
    if (count(in[0].shape()) == 0) {
      throw Checks.shape(
          name(), "needs a number in every channel", "x: " + in[0].shape(), "drop empty batches");
    }
    Spec statistics = in[1];
    return new Spec[] {in[0], statistics, statistics};
  }

  private static void requireChannels(Spec[] in, String... names) {
    Checks.requireFloating("batchNorm", in, names);
    Shape x = in[0].shape();
    if (x.rank() < 2) {
      throw Checks.shape(
          "batchNorm", "needs channels as axis 1", "x: " + x, "reshape x to [n, channels, …]");
    }
    for (int i = 1; i < in.length; i++) {
      if (!in[i].shape().equals(Shape.of(x.dim(1)))) {
        throw Checks.shape(
            "batchNorm",
            names[i] + " must have one number per channel",
            "x: " + x + ", " + names[i] + ": " + in[i].shape(),
            "use shape [" + x.dim(1) + "]");
      }
    }
  }

  /** For each number one for μ, three for σ² and three for y; for each channel what is left. */
  @Override
  public long flops(Spec[] in, Spec[] out) {
    return 7L * in[0].shape().size() + 5L * out[1].shape().size();
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    Kernels.chosen()
        .normalise(over(in[0].shape()), in[0], in[1], in[2], epsilon, out[0], out[1], out[2]);
  }

  @Override
  public boolean needsInput(int i, boolean[] active) {
    return i < 2;
  }

  @Override
  public boolean needsOutput(int j, boolean[] active) {
    return j > 0;
  }

  @Override
  public @Nullable Tensor[] jvp(Tensor[] x, Tensor[] y, @Nullable Tensor[] dx) {
    int rank = x[0].rank();
    Tensor dy = null;
    Tensor dMean = null;
    Tensor dVariance = null;
    if (dx[0] != null) {
      var projected = project(x[0], x[1], y[1], y[2], dx[0]);
      double m = count(x[0].shape());
      Tensor deviation = Elementary.sqrt(y[2].plus(epsilon));
      dy = projected.get(0);
      dMean = projected.get(2).div(m);
      dVariance = projected.get(1).times(deviation).times(2 / m);
    }
    if (dx[1] != null) {
      Tensor term = normalised(x[0], y[1], y[2], epsilon).times(perChannel(dx[1], rank));
      dy = dy == null ? term : dy.plus(term);
    }
    if (dx[2] != null) {
      Tensor term = Core.broadcastTo(perChannel(dx[2], rank), x[0].shape());
      dy = dy == null ? term : dy.plus(term);
    }
    return new @Nullable Tensor[] {dy, dMean, dVariance};
  }

  @Override
  public @Nullable Tensor[] vjp(Residuals r, @Nullable Tensor[] gy) {
    Tensor x = r.x(0);
    Tensor mean = r.y(1);
    @Nullable Tensor[] gx = new Tensor[3];
    if (gy[0] != null) {
      gx = project(x, r.x(1), mean, r.y(2), gy[0]).toArray(Tensor[]::new);
    }
    if (!r.active(0)) {
      return gx;
    }
    double m = count(x.shape());
    if (gy[1] != null) {
      Tensor each = Core.broadcastTo(perChannel(gy[1].div(m), x.rank()), x.shape());
      gx[0] = gx[0] == null ? each : gx[0].plus(each);
    }
    if (gy[2] != null) {
      Tensor centred = x.minus(perChannel(mean, x.rank()));
      Tensor each = centred.times(perChannel(gy[2].times(2 / m), x.rank()));
      gx[0] = gx[0] == null ? each : gx[0].plus(each);
    }
    return gx;
  }

  @Override
  public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
    return asChannels(this, in, batched, size);
  }

  /** A batch normalised at once, its elements taken for further channels: [n, batch·c, *s]. */
  private static Tensor[] asChannels(Primitive op, Tensor[] in, boolean[] batched, int size) {
    return op
        .applyAll(
            Arrays.stream(Batching.expanded(in, batched, size))
                .map(t -> Batching.folded(t, channelsOf(t.rank() - 1)))
                .toArray(Tensor[]::new))
        .stream()
        .map(t -> Batching.unfolded(t, channelsOf(t.rank()), size))
        .toArray(Tensor[]::new);
  }

  /** Which axis the channels are: of [n, c, *s] the second, of [c] the only one. */
  private static int channelsOf(int rank) {
    return rank == 1 ? 0 : 1;
  }

  /** P(v), Σx̂v and Σv from x, γ, μ, σ² and v, which are taken as independent of each other. */
  private List<Tensor> project(Tensor x, Tensor gamma, Tensor mean, Tensor variance, Tensor v) {
    List<Tensor> sums = new Products(epsilon).applyAll(x, mean, variance, v);
    double m = count(x.shape());
    Tensor inverse = inverseDeviation(variance, epsilon);
    Tensor constant = sums.get(1).div(m);
    Tensor slope = sums.get(0).times(inverse).div(m);
    int rank = x.rank();
    Tensor projection =
        PROJECTED.apply(
            v,
            x,
            perChannel(mean, rank),
            perChannel(constant, rank),
            perChannel(slope, rank),
            perChannel(gamma.times(inverse), rank));
    return List.of(projection, sums.get(0), sums.get(1));
  }

  /** Σx̂v and Σv from x, μ, σ² and v. */
  private static final class Products extends Primitive {
    private final double epsilon;
    private final Composition composition = new Composition(this::define);

    Products(double epsilon) {
      this.epsilon = epsilon;
    }

    @Override
    public String name() {
      return "batchNormProducts";
    }

    @Override
    public Object attributes() {
      return epsilon;
    }

    @Override
    public Spec[] infer(Spec[] in) {
      return new Spec[] {in[1], in[1]};
    }

    @Override
    public long flops(Spec[] in, Spec[] out) {
      return 4L * in[0].shape().size() + 3L * out[0].shape().size();
    }

    @Override
    public void kernel(Arr[] in, Arr[] out) {
      Kernels.chosen()
          .products(over(in[0].shape()), in[0], in[1], in[2], epsilon, in[3], out[0], out[1]);
    }

    private List<Tensor> define(List<Tensor> in) {
      Tensor v = in.get(3);
      Tensor normalised = normalised(in.get(0), in.get(1), in.get(2), epsilon);
      return List.of(sumPerChannel(normalised.times(v)), sumPerChannel(v));
    }

    @Override
    public boolean needsOutput(int j, boolean[] active) {
      return false;
    }

    @Override
    public @Nullable Tensor[] jvp(Tensor[] x, Tensor[] y, @Nullable Tensor[] dx) {
      return composition.jvp(x, dx);
    }

    @Override
    public @Nullable Tensor[] vjp(Residuals r, @Nullable Tensor[] gy) {
      return composition.vjp(r, gy);
    }

    @Override
    public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
      return asChannels(this, in, batched, size);
    }
  }

  private static ChannelStatistics over(Shape x) {
    return ChannelStatistics.over(x.dim(0), x.dim(1), x.drop(0).drop(0).size());
  }

  /** Numbers of one channel. */
  private static int count(Shape x) {
    return x.drop(1).size();
  }

  /** [c, 1, …], which stands beside an array of the given rank with channels as axis 1. */
  private static Shape beside(int channels, int rank) {
    int[] dims = new int[rank - 1];
    Arrays.fill(dims, 1);
    dims[0] = channels;
    return Shape.of(dims);
  }

  private static Tensor perChannel(Tensor t, int rank) {
    return Core.reshape(t, beside(t.dim(0), rank)); // [c] → [c, 1, …]
  }

  private static Tensor sumPerChannel(Tensor t) {
    int channels = t.dim(1);
    return Core.reshape(Core.sumTo(t, beside(channels, t.rank())), Shape.of(channels));
  }

  private static Tensor normalised(Tensor x, Tensor mean, Tensor variance, double epsilon) {
    Tensor centred = x.minus(perChannel(mean, x.rank()));
    return centred.times(perChannel(inverseDeviation(variance, epsilon), x.rank()));
  }

  private static Tensor inverseDeviation(Tensor variance, double epsilon) {
    Tensor deviation = Elementary.sqrt(variance.plus(epsilon));
    return Elementary.reciprocal(deviation);
  }
}
