package org.kotangent.ops;

import org.jspecify.annotations.Nullable;
import org.kotangent.ad.Arr;
import org.kotangent.ad.Batching;
import org.kotangent.ad.Core;
import org.kotangent.ad.DType;
import org.kotangent.ad.Primitive;
import org.kotangent.ad.Residuals;
import org.kotangent.ad.Shape;
import org.kotangent.ad.Spec;
import org.kotangent.ad.Tensor;
import org.kotangent.ops.internal.Slices;
import org.kotangent.ops.internal.Softmax;

/**
 * Cross-entropy of the softmax of scores, fused so that no probability is rounded to 0 before its
 * logarithm is taken. Classes are axis 1, or a later one where a batch comes first.
 *
 * <p>Source: Boué 2018, §3; Vedaldi 2022, eq. 3.20.
 */
final class CrossEntropy {
  private static final String OP = "softmaxCrossEntropy";
  private static final int CLASSES = 1;

  private CrossEntropy() {}

  static Tensor ofLabels(Tensor scores, Tensor labels) {
    return new OfLabels(CLASSES).apply(scores, labels);
  }

  static Tensor ofTargets(Tensor scores, Tensor targets) {
    return new OfTargets(CLASSES).apply(scores, targets);
  }

  /** An operation on scores [n, classes, u…]. */
  private abstract static class OfScores extends Primitive {
    final int classes;

    /** {@code classes} is their axis. */
    OfScores(int classes) {
      this.classes = classes;
    }

    /** The same operation with the classes along another axis. */
    abstract OfScores with(int other);

    @Override
    public final Object attributes() {
      return classes;
    }

    @Override
    public final boolean needsOutput(int j, boolean[] active) {
      return false;
    }

    @Override
    public final Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
      return new Tensor[] {with(classes + 1).apply(Batching.expanded(in, batched, size))};
    }

    final Shape requireClasses(Shape scores) {
      if (scores.rank() <= classes || scores.dim(classes) == 0) {
        throw Checks.shape(
            OP, "needs scores [n, classes, …]", "scores: " + scores, "add the missing axes");
      }
      return scores.drop(classes);
    }

    final Slices slices(Arr scores) {
      return Slices.along(scores.shape(), classes);
    }

    final Tensor sumOverClasses(Tensor t, boolean keep) {
      return Core.sum(t, new int[] {classes}, keep);
    }

    /** [n, u…] → [n, 1, u…]. */
    final Tensor besideClasses(Tensor t) {
      return Core.reshape(t, t.shape().insert(classes, 1));
    }
  }

  /** y = −ln softmax(x)[label]; ∂y/∂x = softmax(x) − onehot(label). */
  private static final class OfLabels extends OfScores {
    OfLabels(int classes) {
      super(classes);
    }

    @Override
    OfLabels with(int other) {
      return new OfLabels(other);
    }

    @Override
    public String name() {
      return OP;
    }

    @Override
    public Spec[] infer(Spec[] in) {
      Checks.requireFloating(OP, in, "scores");
      Shape each = requireClasses(in[0].shape());
      if (in[1].dtype() != DType.I32 || !in[1].shape().equals(each)) {
        throw Checks.shape(
            OP,
            "needs one label of type i32 for every example",
            "scores: " + in[0] + ", labels: " + in[1],
            "use labels i32" + each);
      }
      return new Spec[] {in[0].withShape(each)};
    }

    @Override
    public long flops(Spec[] in, Spec[] out) {
      return 4L * in[0].shape().size() + 2L * out[0].shape().size();
    }

    @Override
    public void kernel(Arr[] in, Arr[] out) {
      OneHot.requireInRange(OP, in[1], in[0].shape().dim(classes));
      Softmax.crossEntropy(slices(in[0]), in[0], in[1].i32(), out[0]);
    }

    @Override
    public boolean differentiable(int i) {
      return i == 0;
    }

    @Override
    public @Nullable Tensor[] jvp(Tensor[] x, Tensor[] y, @Nullable Tensor[] dx) {
      Tensor d = dx[0];
      return new @Nullable Tensor[] {
        d == null ? null : sumOverClasses(new Gradient(classes).apply(x[0], x[1]).times(d), false)
      };
    }

    @Override
    public @Nullable Tensor[] vjp(Residuals r, @Nullable Tensor[] gy) {
      Tensor g = gy[0];
      return new @Nullable Tensor[] {
        g == null ? null : new Gradient(classes).apply(r.x(0), r.x(1)).times(besideClasses(g)), null
      };
    }
  }

  /** y = softmax(x) − onehot(label), whose Jacobian in x is that of softmax, which is symmetric. */
  private static final class Gradient extends OfScores {
    Gradient(int classes) {
      super(classes);
    }

    @Override
    Gradient with(int other) {
      return new Gradient(other);
    }

    @Override
    public String name() {
      return OP + "Gradient";
    }

    @Override
    public Spec[] infer(Spec[] in) {
      return new Spec[] {in[0]};
    }

    @Override
    public long flops(Spec[] in, Spec[] out) {
      return 5L * in[0].shape().size() + in[1].shape().size();
    }

    @Override
    public void kernel(Arr[] in, Arr[] out) {
      OneHot.requireInRange(OP, in[1], in[0].shape().dim(classes));
      Softmax.minusOneHot(slices(in[0]), in[0], in[1].i32(), out[0]);
    }

    @Override
    public boolean differentiable(int i) {
      return i == 0;
    }

    @Override
    public boolean needsInput(int i, boolean[] active) {
      return i == 0;
    }

    @Override
    public @Nullable Tensor[] jvp(Tensor[] x, Tensor[] y, @Nullable Tensor[] dx) {
      Tensor d = dx[0];
      return new @Nullable Tensor[] {d == null ? null : times(x[0], d)};
    }

    @Override
    public @Nullable Tensor[] vjp(Residuals r, @Nullable Tensor[] gy) {
      Tensor g = gy[0];
      return new @Nullable Tensor[] {g == null ? null : times(r.x(0), g), null};
    }

    private Tensor times(Tensor scores, Tensor v) {
      Tensor p = Softmaxes.softmax(scores, classes);
      return p.times(v.minus(sumOverClasses(p.times(v), true)));
    }
  }

  /** y = −Σ t·ln softmax(x); ∂y/∂x = softmax(x)·Σt − t and ∂y/∂t = −ln softmax(x). */
  private static final class OfTargets extends OfScores {
    OfTargets(int classes) {
      super(classes);
    }

    @Override
    OfTargets with(int other) {
      return new OfTargets(other);
    }

    @Override
    public String name() {
      return OP + "OfTargets";
    }

    @Override
    public Spec[] infer(Spec[] in) {
      Checks.requireFloating(OP, in, "scores", "targets");
      Shape each = requireClasses(in[0].shape());
      if (!in[1].shape().equals(in[0].shape())) {
        throw Checks.shape(
            OP,
            "targets must be labels of type i32 or have the shape of the scores",
            "scores: " + in[0] + ", targets: " + in[1],
            "use labels i32" + each + " or targets " + in[0].shape());
      }
      return new Spec[] {in[0].withShape(each)};
    }

    @Override
    public long flops(Spec[] in, Spec[] out) {
      return 7L * in[0].shape().size() + out[0].shape().size();
    }

    @Override
    public void kernel(Arr[] in, Arr[] out) {
      Softmax.crossEntropy(slices(in[0]), in[0], in[1], out[0]);
    }

    @Override
    public boolean needsInput(int i, boolean[] active) {
      return i == 0 || active[0];
    }

    private Tensor gradient(Tensor scores, Tensor targets) {
      Tensor mass = sumOverClasses(targets, true);
      return Softmaxes.softmax(scores, classes).times(mass).minus(targets);
    }

    @Override
    public @Nullable Tensor[] jvp(Tensor[] x, Tensor[] y, @Nullable Tensor[] dx) {
      Tensor dy = null;
      if (dx[0] != null) {
        dy = sumOverClasses(gradient(x[0], x[1]).times(dx[0]), false);
      }
      if (dx[1] != null) {
        Tensor term = sumOverClasses(Softmaxes.logSoftmax(x[0], classes).times(dx[1]), false);
        dy = dy == null ? term.unaryMinus() : dy.minus(term);
      }
      return new @Nullable Tensor[] {dy};
    }

    @Override
    public @Nullable Tensor[] vjp(Residuals r, @Nullable Tensor[] gy) {
      @Nullable Tensor[] gx = new Tensor[2];
      if (gy[0] != null) {
        Tensor g = besideClasses(gy[0]);
        gx[0] = r.active(0) ? gradient(r.x(0), r.x(1)).times(g) : null;
        gx[1] = r.active(1) ? Softmaxes.logSoftmax(r.x(0), classes).times(g.unaryMinus()) : null;
      }
      return gx;
    }
  }
}
