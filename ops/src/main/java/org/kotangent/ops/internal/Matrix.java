package org.kotangent.ops.internal;

/**
 * A matrix inside a flat array: element (i, j) is {@code data[offset + i·down + j·across]}.
 *
 * <p>Transposition, leading dimensions and sub-matrices are choices of the two strides, so that
 * products need no flags.
 *
 * @param data the array, {@code float[]} or {@code double[]}
 * @param offset where element (0, 0) is
 * @param down the distance between two rows
 * @param across the distance between two columns
 * @param <A> the array type
 */
public record Matrix<A>(A data, int offset, int down, int across) {
  /** The row-major matrix of {@code columns} columns that starts at {@code offset}. */
  public static <A> Matrix<A> rowMajor(A data, int offset, int columns) {
    return new Matrix<>(data, offset, columns, 1);
  }

  /** The same numbers with rows and columns exchanged. */
  public Matrix<A> transposed() {
    return new Matrix<>(data, offset, across, down);
  }

  /** Where element (i, j) is in the array. */
  int at(int i, int j) {
    return offset + i * down + j * across;
  }
}
