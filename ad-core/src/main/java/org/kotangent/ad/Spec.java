package org.kotangent.ad;

/**
 * What is known of a tensor before its numbers are: type and shape. Prints as {@code f32[2, 3]}.
 */
public record Spec(DType dtype, Shape shape) {
  /** Spec of the given type and sizes. */
  public static Spec of(DType dtype, int... dims) {
    return new Spec(dtype, Shape.of(dims));
  }

  /** The same type with another shape. */
  public Spec withShape(Shape other) {
    return new Spec(dtype, other);
  }

  @Override
  public String toString() {
    return dtype.label() + shape;
  }
}
