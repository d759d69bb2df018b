package org.kotangent.ops.internal;

import java.util.Arrays;

/**
 * The rows of an output plane cut into vectors: whole ones, and one for the rest of each row.
 *
 * @param rows rows of the plane
 * @param columns numbers of a row
 * @param lanes numbers of a vector
 */
record Segments(int rows, int columns, int lanes) {
  /** Vectors of a row, without its rest. */
  private int whole() {
    return columns / lanes;
  }

  /** Numbers of a row that fill no vector. */
  int rest() {
    return columns % lanes;
  }

  /** Where the whole vectors start if a row starts {@code down} behind the one above it. */
  int[] wholes(int down) {
    int[] at = new int[rows * whole()];
    Arrays.setAll(at, v -> v / whole() * down + v % whole() * lanes);
    return at;
  }

  /** Where the rests start if a row starts {@code down} behind the one above it. */
  int[] rests(int down) {
    int[] at = new int[rest() == 0 ? 0 : rows];
    Arrays.setAll(at, row -> row * down + whole() * lanes);
    return at;
  }
}
