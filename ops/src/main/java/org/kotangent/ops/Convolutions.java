package org.kotangent.ops;

import java.util.List;
import org.kotangent.ad.Announcing;
import org.kotangent.ad.Arr;
import org.kotangent.ad.Batching;
import org.kotangent.ad.Bilinear;
import org.kotangent.ad.Shape;
import org.kotangent.ad.Spec;
import org.kotangent.ad.Tensor;
import org.kotangent.ops.internal.ConvShape;
import org.kotangent.ops.internal.Kernels;

/**
 * Convolution and its two gradients. Each of the three is bilinear and has the other two for
 * adjoints, so convolution can be differentiated any number of times:
 *
 * <pre>
 * forward(x, w)          x̄ = inputGradient(ȳ, w)    w̄ = weightGradient(x, ȳ)
 * inputGradient(ȳ, w)    ȳ̄ = forward(x̄̄, w)          w̄ = weightGradient(x̄̄, ȳ)
 * weightGradient(x, ȳ)   x̄ = inputGradient(ȳ, w̄̄)    ȳ̄ = forward(x, w̄̄)
 * </pre>
 *
 * <p>The gradients are given the sizes they produce: a stride forgets rows and columns of the input
 * that no window reached.
 *
 * <p>A batch of one operand becomes part of an axis that the result has as well: the images, or the
 * channels or filters of each group. A batch of both becomes as many times the groups. Source: Boué
 * 2018, §8; Vedaldi 2022, eq. 3.3.
 */
final class Convolutions {
  private static final String OP = "conv2d";

  private Convolutions() {}

  static Tensor forward(Tensor x, Tensor w, Conv2d conv) {
    return new Forward(conv).apply(x, w);
  }

  static Tensor inputGradient(Tensor gy, Tensor w, Conv2d conv, int height, int width) {
    return new InputGradient(conv, height, width).apply(gy, w);
  }

  static Tensor weightGradient(Tensor x, Tensor gy, Conv2d conv, int height, int width) {
    return new WeightGradient(conv, height, width).apply(x, gy);
  }

  /** y = x ⊛ w. */
  private static final class Forward extends Bilinear implements Announcing {
    private final Conv2d conv;

    Forward(Conv2d conv) {
      this.conv = conv;
    }

    @Override
    public String name() {
      return OP;
    }

    @Override
    public Object attributes() {
      return conv;
    }

    @Override
    public Spec[] infer(Spec[] in) {
      Checks.requireFloating(OP, in, "x", "w");
      return new Spec[] {in[0].withShape(outputShape(sizes(in[0].shape(), in[1].shape(), conv)))};
    }

    @Override
    public void kernel(Arr[] in, Arr[] out) {
      kernel(in, out[0], Ready.IGNORED);
    }

    @Override
    public void kernel(Arr[] in, Arr out, Ready ready) {
      var sizes = sizes(in[0].shape(), in[1].shape(), conv);
      Kernels.chosen().convolve(sizes, in[0].data(), in[1].data(), out.data(), ready);
    }

    @Override
    public long flops(Spec[] in, Spec[] out) {
      return work(out[0].shape(), in[1].shape());
    }

    @Override
    protected Tensor adjointA(Spec x, Tensor gy, Tensor w) {
      return inputGradient(gy, w, conv, x.shape().dim(2), x.shape().dim(3));
    }

    @Override
    protected Tensor adjointB(Spec w, Tensor x, Tensor gy) {
      return weightGradient(x, gy, conv, w.shape().dim(2), w.shape().dim(3));
    }

    @Override
    public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
      if (!batched[1]) {
        Tensor all = apply(Batching.folded(in[0], 0), in[1]); // [batch·n, filters, oh, ow]
        return new Tensor[] {Batching.unfolded(all, 0, size)};
      }
      if (!batched[0]) {
        Tensor all =
            apply(in[0], Batching.folded(in[1], 0, conv.groups())); // [n, groups·batch·f, oh, ow]
        return new Tensor[] {Batching.unfolded(all, 1, conv.groups(), size)};
      }
      Tensor x = Batching.folded(in[0], 1); // [n, batch·channels, h, w]
      Tensor w = Batching.folded(in[1], 0);
      Tensor all = forward(x, w, times(conv, size)); // [n, batch·filters, oh, ow]
      return new Tensor[] {Batching.unfolded(all, 1, size)};
    }
  }

  /** x̄ from ȳ and w. */
  private static final class InputGradient extends Bilinear {
    private final Conv2d conv;
    private final int height;
    private final int width;

    InputGradient(Conv2d conv, int height, int width) {
      this.conv = conv;
      this.height = height;
      this.width = width;
    }

    @Override
    public String name() {
      return "conv2dInputGradient";
    }

    @Override
    public Object attributes() {
      return List.of(conv, height, width);
    }

    private Shape input(Shape gy, Shape w) {
      return Shape.of(gy.dim(0), w.dim(1) * conv.groups(), height, width);
    }

    @Override
    public Spec[] infer(Spec[] in) {
      Checks.requireFloating(name(), in, "gy", "w");
      Shape x = input(in[0].shape(), in[1].shape());
      requireGradient(name(), in[0].shape(), sizes(x, in[1].shape(), conv));
      return new Spec[] {in[0].withShape(x)};
    }

    @Override
    public void kernel(Arr[] in, Arr[] out) {
      var sizes = sizes(out[0].shape(), in[1].shape(), conv);
      Kernels.chosen().inputGradient(sizes, in[0].data(), in[1].data(), out[0].data());
    }

    @Override
    public long flops(Spec[] in, Spec[] out) {
      return work(in[0].shape(), in[1].shape());
    }

    @Override
    protected Tensor adjointA(Spec gy, Tensor gx, Tensor w) {
      return forward(gx, w, conv);
    }

    @Override
    protected Tensor adjointB(Spec w, Tensor gy, Tensor gx) {
      return weightGradient(gx, gy, conv, w.shape().dim(2), w.shape().dim(3));
    }

    @Override
    public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
      if (!batched[1]) {
        Tensor all = apply(Batching.folded(in[0], 0), in[1]); // [batch·n, channels, h, w]
        return new Tensor[] {Batching.unfolded(all, 0, size)};
      }
      if (!batched[0]) {
        Tensor all = apply(in[0], Batching.folded(in[1], 1)); // [n, groups·batch·c, h, w]
        return new Tensor[] {Batching.unfolded(all, 1, conv.groups(), size)};
      }
      Tensor gy = Batching.folded(in[0], 1); // [n, batch·filters, oh, ow]
      Tensor w = Batching.folded(in[1], 0);
      Tensor all =
          inputGradient(gy, w, times(conv, size), height, width); // [n, batch·channels, h, w]
      return new Tensor[] {Batching.unfolded(all, 1, size)};
    }
  }

  /** w̄ from x and ȳ. */
  private static final class WeightGradient extends Bilinear {
    private final Conv2d conv;
    private final int height;
    private final int width;

    WeightGradient(Conv2d conv, int height, int width) {
      this.conv = conv;
      this.height = height;
      this.width = width;
    }

    @Override
    public String name() {
      return "conv2dWeightGradient";
    }

    @Override
    public Object attributes() {
      return List.of(conv, height, width);
    }

    private Shape weights(Shape x, Shape gy) {
      return Shape.of(gy.dim(1), x.dim(1) / conv.groups(), height, width);
    }

    @Override
    public Spec[] infer(Spec[] in) {
      Checks.requireFloating(name(), in, "x", "gy");
      Shape w = weights(in[0].shape(), in[1].shape());
      requireGradient(name(), in[1].shape(), sizes(in[0].shape(), w, conv));
      return new Spec[] {in[0].withShape(w)};
    }

    @Override
    public void kernel(Arr[] in, Arr[] out) {
      var sizes = sizes(in[0].shape(), out[0].shape(), conv);
      Kernels.chosen().weightGradient(sizes, in[0].data(), in[1].data(), out[0].data());
    }

    @Override
    public long flops(Spec[] in, Spec[] out) {
      return work(in[1].shape(), out[0].shape());
    }

    @Override
    protected Tensor adjointA(Spec x, Tensor gw, Tensor gy) {
      return inputGradient(gy, gw, conv, x.shape().dim(2), x.shape().dim(3));
    }

    @Override
    protected Tensor adjointB(Spec gy, Tensor x, Tensor gw) {
      return forward(x, gw, conv);
    }

    @Override
    public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
      if (!batched[1]) {
        Tensor all =
            apply(Batching.folded(in[0], 1, conv.groups()), in[1]); // [filters, batch·c, kh, kw]
        return new Tensor[] {Batching.unfolded(all, 1, size)};
      }
      if (!batched[0]) {
        Tensor all =
            apply(in[0], Batching.folded(in[1], 1, conv.groups())); // [groups·batch·f, c, kh, kw]
        return new Tensor[] {Batching.unfolded(all, 0, conv.groups(), size)};
      }
      Tensor x = Batching.folded(in[0], 1); // [n, batch·channels, h, w]
      Tensor gy = Batching.folded(in[1], 1);
      Tensor all =
          weightGradient(x, gy, times(conv, size), height, width); // [batch·filters, c, kh, kw]
      return new Tensor[] {Batching.unfolded(all, 0, size)};
    }
  }

  /** The sizes of the convolution of x with w, or the error that says why there is none. */
  private static ConvShape sizes(Shape x, Shape w, Conv2d conv) {
    if (x.rank() != 4 || w.rank() != 4) {
      throw Checks.shape(
          OP,
          "needs images [n, c, h, w] and filters [filters, c/groups, height, width]",
          got(x, w),
          "reshape the one with other axes");
    }
    int groups = conv.groups();
    if (w.dim(1) < 1 || x.dim(1) != w.dim(1) * groups) {
      throw Checks.shape(
          OP,
          "channels must agree",
          got(x, w)
              + (groups == 1 ? "" : ", groups: " + groups)
              + (" (" + x.dim(1) + " ≠ " + w.dim(1) * groups + ")"),
          "give filters for the channels of x");
    }
    if (w.dim(0) % groups != 0) {
      throw Checks.shape(
          OP,
          "groups must divide the filters",
          got(x, w) + ", groups: " + groups,
          "use a multiple of " + groups + " filters");
    }
    return new ConvShape(
        x.dim(0),
        x.dim(1),
        w.dim(0),
        groups,
        Windows.rows(OP, x, w, conv),
        Windows.columns(OP, x, w, conv));
  }

  /** As many times the groups: those of each element of a batch beside each other. */
  private static Conv2d times(Conv2d conv, int size) {
    return conv.groups(conv.groups() * size);
  }

  private static String got(Shape x, Shape w) {
    return "x: " + x + ", w: " + w;
  }

  private static Shape outputShape(ConvShape s) {
    return Shape.of(s.images(), s.filters(), s.height().out(), s.width().out());
  }

  /** Multiplications and additions: as many for each output number as a filter has weights. */
  private static long work(Shape y, Shape w) {
    return 2L * y.size() * w.drop(0).size();
  }

  private static void requireGradient(String op, Shape gy, ConvShape sizes) {
    Shape y = outputShape(sizes);
    if (!gy.equals(y)) {
      throw Checks.shape(
          op,
          "the gradient must have the shape of the output",
          "gy: " + gy + ", y: " + y,
          "use the gradient of this convolution");
    }
  }
}
