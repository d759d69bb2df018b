package org.kotangent.ad;

import java.util.Arrays;

/**
 * A typed row-major buffer, which is what kernels see. The Java array may be longer than the
 * tensor; only the first {@link #size()} elements belong to it.
 */
public final class Arr {
  private final Spec spec;
  private final Object data;

  private Arr(Spec spec, Object data) {
    this.spec = spec;
    this.data = data;
  }

  /** A new buffer of zeros. */
  public static Arr allocate(Spec spec) {
    int n = spec.shape().size();
    return new Arr(
        spec,
        switch (spec.dtype()) {
          case F32 -> new float[n];
          case F64 -> new double[n];
          case I32 -> new int[n];
          case BOOL -> new boolean[n];
        });
  }

  /** A buffer over the given array, which is not copied. */
  static Arr over(Spec spec, Object data) {
    return new Arr(spec, data);
  }

  /** Type and shape. */
  public Spec spec() {
    return spec;
  }

  /** Shape. */
  public Shape shape() {
    return spec.shape();
  }

  /** Element type. */
  public DType dtype() {
    return spec.dtype();
  }

  /** Number of elements. */
  public int size() {
    return spec.shape().size();
  }

  /** The numbers of an F32 buffer. */
  public float[] f32() {
    return (float[]) data;
  }

  /** The numbers of an F64 buffer. */
  public double[] f64() {
    return (double[]) data;
  }

  /** The numbers of an I32 buffer. */
  public int[] i32() {
    return (int[]) data;
  }

  /** The truth values of a BOOL buffer. */
  public boolean[] bool() {
    return (boolean[]) data;
  }

  /** The Java array itself, for {@link System#arraycopy}. */
  public Object data() {
    return data;
  }

  /** The same data read with another shape of the same size. */
  public Arr as(Shape shape) {
    return new Arr(spec.withShape(shape), data);
  }

  /**
   * Element {@code i} as a double, which holds every element type exactly; a truth value is 0 or 1.
   */
  public double get(int i) {
    return switch (spec.dtype()) {
      case F32 -> f32()[i];
      case F64 -> f64()[i];
      case I32 -> i32()[i];
      case BOOL -> bool()[i] ? 1 : 0;
    };
  }

  /** Sets element {@code i}, rounded to the element type; BOOL becomes {@code value ≠ 0}. */
  public void set(int i, double value) {
    switch (spec.dtype()) {
      case F32 -> f32()[i] = (float) value;
      case F64 -> f64()[i] = value;
      case I32 -> i32()[i] = (int) value;
      case BOOL -> bool()[i] = value != 0;
    }
  }

  /** Sets elements {@code from} (inclusive) to {@code to} (exclusive) to one value. */
  public void fill(int from, int to, double value) {
    switch (spec.dtype()) {
      case F32 -> Arrays.fill(f32(), from, to, (float) value);
      case F64 -> Arrays.fill(f64(), from, to, value);
      case I32 -> Arrays.fill(i32(), from, to, (int) value);
      case BOOL -> Arrays.fill(bool(), from, to, value != 0);
    }
  }
}
