package org.kotangent.ops.internal;

/**
 * Tiles of doubles in plain Java: the same bits as those that {@link TileCompiler} writes, until
 * they are compiled. {@link ScalarF32} is its counterpart, line by line.
 */
final class ScalarF64 {
  private final int lanes;

  ScalarF64(int lanes) {
    this.lanes = lanes;
  }

  /** The tile of the given rows, whose sums start at what they are added to or at zero. */
  Tile tile(int rows, boolean add) {
    return (depth, a, a0, b, b0, offsets, bAt, c, c0, cRows, r, cAt, from, to) -> {
      for (int v = from; v < to; v++) {
        for (int row = 0; row < rows; row++) {
          int sums = c0 + cRows[r + row] + cAt[v];
          vector(
              depth,
              (double[]) a,
              a0 + row,
              rows,
              (double[]) b,
              b0 + bAt[v],
              offsets,
              (double[]) c,
              sums,
              add);
        }
      }
    };
  }

  private void vector(
      int depth,
      double[] a,
      int a0,
      int across,
      double[] b,
      int b0,
      int[] offsets,
      double[] c,
      int c0,
      boolean add) {
    for (int lane = 0; lane < lanes; lane += 2) {
      int to = c0 + lane;
      double s0 = add ? c[to] : 0;
      double s1 = add ? c[to + 1] : 0;
      for (int k = 0, p = a0; k < depth; k++, p += across) {
        double x = a[p];
        int from = b0 + offsets[k] + lane;
        s0 = Math.fma(x, b[from], s0);
        s1 = Math.fma(x, b[from + 1], s1);
      }
      c[to] = s0;
      c[to + 1] = s1;
    }
  }

  /** The tile of dot products of the given rows and columns. */
  DotTile dots(int rows, int columns) {
    return (count, a, a0, aRows, r, aAt, b, b0, bRows, t, bAt, sums, s) -> {
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          dot(
              count,
              (double[]) a,
              a0 + aRows[r + i],
              aAt,
              (double[]) b,
              b0 + bRows[t + j],
              bAt,
              (double[]) sums,
              s + (i * columns + j) * lanes);
        }
      }
    };
  }

  private void dot(
      int count,
      double[] a,
      int a0,
      int[] aAt,
      double[] b,
      int b0,
      int[] bAt,
      double[] sums,
      int s) {
    for (int lane = 0; lane < lanes; lane += 2) {
      int to = s + lane;
      double s0 = sums[to];
      double s1 = sums[to + 1];
      for (int k = 0; k < count; k++) {
        int p = a0 + aAt[k] + lane;
        int q = b0 + bAt[k] + lane;
        s0 = Math.fma(a[p], b[q], s0);
        s1 = Math.fma(a[p + 1], b[q + 1], s1);
      }
      sums[to] = s0;
      sums[to + 1] = s1;
    }
  }
}
