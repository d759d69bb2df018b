package org.kotangent.ad;

/** How tensors print: type, shape and nested rows, with the middle of long axes left out. */
final class TensorText {
  private static final int EDGE = 3;
  private static final int FULL = 8;

  private TensorText() {}

  static String of(Tensor tensor) {
    return switch (tensor) {
      case Symbolic symbolic -> symbolic.spec() + " symbolic";
      case Batched batched -> batched.spec() + " batched from " + of(batched.values());
      case Differentiated value -> of(value.primal());
      case ArrayTensor plain -> of(plain.array());
    };
  }

  private static String of(Arr array) {
    StringBuilder text = new StringBuilder(array.spec().toString()).append(' ');
    append(text, array, 0, 0);
    return text.toString();
  }

  private static void append(StringBuilder text, Arr a, int axis, int offset) {
    if (axis == a.shape().rank()) {
      text.append(number(a, offset));
      return;
    }
    int n = a.shape().dim(axis);
    int step = a.shape().strides()[axis];
    text.append('[');
    for (int i = 0; i < n; i++) {
      if (i > 0) {
        text.append(", ");
      }
      if (n > FULL && i == EDGE) {
        text.append("…, ");
        i = n - EDGE;
      }
      append(text, a, axis + 1, offset + i * step);
    }
    text.append(']');
  }

  /** The number of a scalar. */
  static String number(Arr scalar) {
    return number(scalar, 0);
  }

  private static String number(Arr a, int i) {
    return switch (a.dtype()) {
      case F32 -> Float.toString(a.f32()[i]);
      case F64 -> Double.toString(a.f64()[i]);
      case I32 -> Integer.toString(a.i32()[i]);
      case BOOL -> Boolean.toString(a.bool()[i]);
    };
  }
}
