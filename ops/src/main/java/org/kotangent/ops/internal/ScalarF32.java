package org.kotangent.ops.internal;

/**
 * Tiles of floats in plain Java: the same bits as those that {@link TileCompiler} writes, until
 * they are compiled. {@link ScalarF64} is its counterpart, line by line.
 */
final class ScalarF32 {
  private final int lanes;

  ScalarF32(int lanes) {
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
              (float[]) a,
              a0 + row,
              rows,
              (float[]) b,
              b0 + bAt[v],
              offsets,
              (float[]) c,
              sums,
              add);
        }
      }
    };
  }

  private void vector(
      int depth,
      float[] a,
      int a0,
      int across,
      float[] b,
      int b0,
      int[] offsets,
      float[] c,
      int c0,
      boolean add) {
    for (int lane = 0; lane < lanes; lane += 4) {
      int to = c0 + lane;
      float s0 = add ? c[to] : 0;
      float s1 = add ? c[to + 1] : 0;
      float s2 = add ? c[to + 2] : 0;
      float s3 = add ? c[to + 3] : 0;
      for (int k = 0, p = a0; k < depth; k++, p += across) {
        float x = a[p];
        int from = b0 + offsets[k] + lane;
        s0 = Math.fma(x, b[from], s0);
        s1 = Math.fma(x, b[from + 1], s1);
        s2 = Math.fma(x, b[from + 2], s2);
        s3 = Math.fma(x, b[from + 3], s3);
      }
      c[to] = s0;
      c[to + 1] = s1;
      c[to + 2] = s2;
      c[to + 3] = s3;
    }
  }

  /** The tile of dot products of the given rows and columns. */
  DotTile dots(int rows, int columns) {
    return (count, a, a0, aRows, r, aAt, b, b0, bRows, t, bAt, sums, s) -> {
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          dot(
              count,
              (float[]) a,
              a0 + aRows[r + i],
              aAt,
              (float[]) b,
              b0 + bRows[t + j],
              bAt,
              (float[]) sums,
              s + (i * columns + j) * lanes);
        }
      }
    };
  }

  private void dot(
      int count, float[] a, int a0, int[] aAt, float[] b, int b0, int[] bAt, float[] sums, int s) {
    for (int lane = 0; lane < lanes; lane += 4) {
      int to = s + lane;
      float s0 = sums[to];
      float s1 = sums[to + 1];
      float s2 = sums[to + 2];
      float s3 = sums[to + 3];
      for (int k = 0; k < count; k++) {
        int p = a0 + aAt[k] + lane;
        int q = b0 + bAt[k] + lane;
        s0 = Math.fma(a[p], b[q], s0);
        s1 = Math.fma(a[p + 1], b[q + 1], s1);
        s2 = Math.fma(a[p + 2], b[q + 2], s2);
        s3 = Math.fma(a[p + 3], b[q + 3], s3);
      }
      sums[to] = s0;
      sums[to + 1] = s1;
      sums[to + 2] = s2;
      sums[to + 3] = s3;
    }
  }
}
