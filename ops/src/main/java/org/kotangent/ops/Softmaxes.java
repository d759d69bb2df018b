package org.kotangent.ops;

import org.jspecify.annotations.Nullable;
import org.kotangent.ad.Arr;
import org.kotangent.ad.Core;
import org.kotangent.ad.Reduction;
import org.kotangent.ad.Residuals;
import org.kotangent.ad.Spec;
import org.kotangent.ad.Tensor;
import org.kotangent.ops.internal.Slices;
import org.kotangent.ops.internal.Softmax;

/** Softmax and its logarithm over any set of axes. Source: Vedaldi 2022, eq. 3.18. */
final class Softmaxes {
  private Softmaxes() {}

  static Tensor softmax(Tensor x, int... axes) {
    return new Probabilities(x.shape().axes(axes)).apply(x);
  }

  static Tensor logSoftmax(Tensor x, int... axes) {
    return new Logarithms(x.shape().axes(axes)).apply(x);
  }

  /** An operation along axes whose rules read the result alone. */
  private abstract static class Normalisation extends AlongAxes {
    Normalisation(int[] axes) {
      super(axes);
    }

    @Override
    public final Spec[] infer(Spec[] in) {
      Checks.requireFloating(name(), in, "x");
      return in.clone();
    }

    @Override
    public final boolean needsInput(int i, boolean[] active) {
      return false;
    }

    final Tensor sum(Tensor t) {
      return Core.sum(t, axes, true);
    }
  }

  /** y = eˣ / Σ eˣ. The Jacobian diag(y) − y·yᵀ is symmetric. */
  private static final class Probabilities extends Normalisation {
    Probabilities(int[] axes) {
      super(axes);
    }

    @Override
    public String name() {
      return "softmax";
    }

    @Override
    AlongAxes with(int[] other) {
      return new Probabilities(other);
    }

    /** A maximum, the distance from it, its exponential, a sum and a quotient. */
    @Override
    public long flops(Spec[] in, Spec[] out) {
      return 5L * in[0].shape().size();
    }

    @Override
    public void kernel(Arr[] in, Arr[] out) {
      Softmax.softmax(Slices.along(in[0].shape(), axes), in[0], out[0]);
    }

    @Override
    public @Nullable Tensor[] jvp(Tensor[] x, Tensor[] y, @Nullable Tensor[] dx) {
      return times(y[0], dx[0]);
    }

    @Override
    public @Nullable Tensor[] vjp(Residuals r, @Nullable Tensor[] gy) {
      return times(r.y(0), gy[0]);
    }

    private @Nullable Tensor[] times(Tensor y, @Nullable Tensor v) {
      return new @Nullable Tensor[] {v == null ? null : y.times(v.minus(sum(y.times(v))))};
    }
  }

  /** y = x − ln Σ eˣ, with Jacobian I − 1·softmax(x)ᵀ. */
  private static final class Logarithms extends Normalisation {
    Logarithms(int[] axes) {
      super(axes);
    }

    @Override
    public String name() {
      return "logSoftmax";
    }

    @Override
    AlongAxes with(int[] other) {
      return new Logarithms(other);
    }

    /** As for softmax, with a logarithm for each sum. */
    @Override
    public long flops(Spec[] in, Spec[] out) {
      return 5L * in[0].shape().size() + Reduction.kept(in[0].shape(), axes).size();
    }

    @Override
    public void kernel(Arr[] in, Arr[] out) {
      Softmax.logSoftmax(Slices.along(in[0].shape(), axes), in[0], out[0]);
    }

    @Override
    public @Nullable Tensor[] jvp(Tensor[] x, Tensor[] y, @Nullable Tensor[] dx) {
      Tensor d = dx[0];
      return new @Nullable Tensor[] {
        d == null ? null : d.minus(sum(Elementary.exp(y[0]).times(d)))
      };
    }

    @Override
    public @Nullable Tensor[] vjp(Residuals r, @Nullable Tensor[] gy) {
      Tensor g = gy[0];
      return new @Nullable Tensor[] {
        g == null ? null : g.minus(Elementary.exp(r.y(0)).times(sum(g)))
      };
    }
  }
}
