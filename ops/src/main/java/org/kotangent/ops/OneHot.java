package org.kotangent.ops;

import java.util.List;
import org.kotangent.ad.Arr;
import org.kotangent.ad.DType;
import org.kotangent.ad.Moving;
import org.kotangent.ad.Primitive;
import org.kotangent.ad.Shape;
import org.kotangent.ad.Spec;
import org.kotangent.ad.Tensor;

/**
 * Labels [n, u…] as indicator vectors [n, classes, u…], of which nothing is differentiated. The
 * classes are axis 1, or a later one where a batch comes first.
 */
final class OneHot extends Primitive implements Moving {
  private final int classes;
  private final DType dtype;
  private final int axis;

  private OneHot(int classes, DType dtype, int axis) {
    this.classes = classes;
    this.dtype = dtype;
    this.axis = axis;
  }

  static Tensor of(Tensor labels, int classes, DType dtype) {
    return new OneHot(classes, dtype, 1).apply(labels);
  }

  @Override
  public String name() {
    return "oneHot";
  }

  @Override
  public Object attributes() {
    return List.of(classes, dtype, axis);
  }

  @Override
  public boolean differentiable(int i) {
    return false;
  }

  @Override
  public Spec[] infer(Spec[] in) {
    if (in[0].dtype() != DType.I32) {
      throw Checks.dtype(
          name(), "needs labels of type i32", "labels: " + in[0], "convert with to(DType.I32)");
    }
    if (in[0].shape().rank() < 1) {
      throw Checks.shape(
          name(), "needs labels [n, …]", "labels: " + in[0].shape(), "reshape to [1]");
    }
    return new Spec[] {new Spec(dtype, in[0].shape().insert(axis, classes))};
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    requireInRange(name(), in[0], classes);
    int[] labels = in[0].i32();
    int inner = in[0].shape().strides()[axis - 1];
    out[0].fill(0, out[0].size(), 0);
    for (int i = 0; i < in[0].size(); i++) {
      out[0].set((i / inner * classes + labels[i]) * inner + i % inner, 1);
    }
  }

  @Override
  public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
    return new Tensor[] {new OneHot(classes, dtype, axis + 1).apply(in)};
  }

  /** Requires every label to be one of the classes; the error names the first that is not. */
  static void requireInRange(String op, Arr labels, int classes) {
    int[] data = labels.i32();
    for (int i = 0; i < labels.size(); i++) {
      if (data[i] < 0 || data[i] >= classes) {
        throw Checks.domain(
            op,
            "labels must lie in [0, " + classes + ")",
            "labels" + position(labels.shape(), i) + ": " + data[i],
            "number the classes from 0");
      }
    }
  }

  /** The position of element {@code i}, such as {@code [3, 0]}. */
  private static String position(Shape shape, int i) {
    int[] at = new int[shape.rank()];
    int rest = i;
    for (int axis = at.length - 1; axis >= 0; axis--) {
      at[axis] = rest % shape.dim(axis);
      rest /= shape.dim(axis);
    }
    return Shape.of(at).toString();
  }
}
