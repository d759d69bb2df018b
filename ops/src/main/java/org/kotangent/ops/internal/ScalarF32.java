package org.kotangent.ops.internal;

/** Tiles of floats in plain Java. {@link ScalarF64} is its counterpart, line by line. */
record ScalarF32(int lanes) implements PlainTiles {
  @Override
  public Tile tile(boolean add) {
    float[] zeros = new float[lanes];
    int[] atZeros = new int[Tile.ROWS + Tile.VECTORS];
    return (depth, a, b, offsets, first, second, sums, before, after) -> {
      float[] right = (float[]) b;
      float[] to = (float[]) sums;
      for (int r = 0; r < Tile.ROWS; r += 2) {
        if (isNew(r, after)) {
          start(r, add ? to : zeros, add ? after : atZeros, to, after);
          rows(depth, (float[]) a, right, right, offsets, first, second, to, after, r);
        }
      }
    };
  }

  @Override
  public PanelTile panelTile() {
    return (depth, a, first, second, from, before, to, after) -> {
      int[] offsets = Geometry.multiples(depth, lanes);
      float[] b = (float[]) first;
      float[] d = (float[]) second;
      for (int r = 0; r < Tile.ROWS; r += 2) {
        if (isNew(r, after)) {
          start(r, (float[]) from, before, (float[]) to, after);
          rows(depth, (float[]) a, b, d, offsets, 0, 0, (float[]) to, after, r);
        }
      }
    };
  }

  /** Whether two rows are not a repetition of those before them. */
  private static boolean isNew(int r, int[] places) {
    return r == 0 || places[r] != places[r - 1];
  }

  /** Puts the first sums of two rows to where they are added to. */
  private void start(int r, float[] from, int[] before, float[] to, int[] after) {
    for (int row = r; row < r + 2; row++) {
      for (int v = Tile.ROWS; v < Tile.ROWS + Tile.VECTORS; v++) {
        System.arraycopy(from, before[row] + before[v], to, after[row] + after[v], lanes);
      }
    }
  }

  /** Two rows of a tile, two neighbouring lanes of both vectors at a time. */
  private void rows(
      int depth,
      float[] a,
      float[] b,
      float[] d,
      int[] offsets,
      int first,
      int second,
      float[] c,
      int[] places,
      int r) {
    int p0 = places[r] + places[Tile.ROWS];
    int q0 = places[r] + places[Tile.ROWS + 1];
    int p1 = places[r + 1] + places[Tile.ROWS];
    int q1 = places[r + 1] + places[Tile.ROWS + 1];
    for (int lane = 0; lane < lanes; lane += 2) {
      float s0 = c[p0 + lane];
      float s1 = c[p0 + lane + 1];
      float s2 = c[q0 + lane];
      float s3 = c[q0 + lane + 1];
      float t0 = c[p1 + lane];
      float t1 = c[p1 + lane + 1];
      float t2 = c[q1 + lane];
      float t3 = c[q1 + lane + 1];
      for (int k = 0, p = r; k < depth; k++, p += Tile.PITCH) {
        float x = a[p];
        float y = a[p + 1];
        int from = offsets[k] + lane;
        float b0 = b[first + from];
        float b1 = b[first + from + 1];
        float b2 = d[second + from];
        float b3 = d[second + from + 1];
        s0 = Math.fma(x, b0, s0);
        s1 = Math.fma(x, b1, s1);
        s2 = Math.fma(x, b2, s2);
        s3 = Math.fma(x, b3, s3);
        t0 = Math.fma(y, b0, t0);
        t1 = Math.fma(y, b1, t1);
        t2 = Math.fma(y, b2, t2);
        t3 = Math.fma(y, b3, t3);
      }
      c[p0 + lane] = s0;
      c[p0 + lane + 1] = s1;
      c[q0 + lane] = s2;
      c[q0 + lane + 1] = s3;
      c[p1 + lane] = t0;
      c[p1 + lane + 1] = t1;
      c[q1 + lane] = t2;
      c[q1 + lane + 1] = t3;
    }
  }

  @Override
  public DotTile dots() {
    return (count, a, a0, b, bRows, bAt, sums, s) -> {
      for (int r = 0; r < DotTile.ROWS; r += 2) {
        int to = s + r * DotTile.COLUMNS * lanes;
        dots(count, (float[]) a, a0 + r * lanes, (float[]) b, bRows, bAt, (float[]) sums, to);
      }
    };
  }

  /** The sums of two rows and both others, two neighbouring lanes at a time. */
  private void dots(
      int count, float[] a, int a0, float[] b, int[] bRows, int[] bAt, float[] sums, int s) {
    for (int lane = 0; lane < lanes; lane += 2) {
      int to = s + lane;
      float s0 = sums[to];
      float s1 = sums[to + 1];
      float s2 = sums[to + lanes];
      float s3 = sums[to + lanes + 1];
      float t0 = sums[to + 2 * lanes];
      float t1 = sums[to + 2 * lanes + 1];
      float t2 = sums[to + 3 * lanes];
      float t3 = sums[to + 3 * lanes + 1];
      for (int k = 0; k < count; k++) {
        int p = a0 + k * DotTile.ROWS * lanes + lane;
        int q = p + lanes;
        int u = bRows[0] + bAt[k] + lane;
        int v = bRows[1] + bAt[k] + lane;
        s0 = Math.fma(a[p], b[u], s0);
        s1 = Math.fma(a[p + 1], b[u + 1], s1);
        s2 = Math.fma(a[p], b[v], s2);
        s3 = Math.fma(a[p + 1], b[v + 1], s3);
        t0 = Math.fma(a[q], b[u], t0);
        t1 = Math.fma(a[q + 1], b[u + 1], t1);
        t2 = Math.fma(a[q], b[v], t2);
        t3 = Math.fma(a[q + 1], b[v + 1], t3);
      }
      sums[to] = s0;
      sums[to + 1] = s1;
      sums[to + lanes] = s2;
      sums[to + lanes + 1] = s3;
      sums[to + 2 * lanes] = t0;
      sums[to + 2 * lanes + 1] = t1;
      sums[to + 3 * lanes] = t2;
      sums[to + 3 * lanes + 1] = t3;
    }
  }
}
