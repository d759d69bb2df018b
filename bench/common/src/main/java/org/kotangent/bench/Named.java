package org.kotangent.bench;

import java.util.Arrays;

/** An array of numbers with a name and a shape, row-major. The numbers are not copied. */
public final class Named {
  private final String name;
  private final float[] numbers;
  private final int[] shape;

  /** The numbers of a tensor of the given shape. */
  public Named(String name, float[] numbers, int... shape) {
    this.name = name;
    this.numbers = numbers;
    this.shape = shape.clone();
  }

  /** What it is called, such as {@code conv1.weight}. */
  public String name() {
    return name;
  }

  /** The numbers themselves. */
  public float[] numbers() {
    return numbers;
  }

  /** The sizes of the axes. */
  public int[] shape() {
    return shape.clone();
  }

  /** The sizes of the axes, as most peers want them. */
  public long[] longShape() {
    return Arrays.stream(shape).asLongStream().toArray();
  }

  /** True for the weight of a dense layer, [in, out], which some peers keep as [out, in]. */
  public boolean isMatrix() {
    return shape.length == 2;
  }

  /** The transpose of a row-major matrix: {@code [rows, columns] → [columns, rows]}. */
  public static float[] transposed(float[] matrix, int rows, int columns) {
    float[] result = new float[matrix.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        result[j * rows + i] = matrix[i * columns + j];
      }
    }
    return result;
  }
}
