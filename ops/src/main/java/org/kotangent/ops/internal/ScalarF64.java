package org.kotangent.ops.internal;

/** Tiles of doubles in plain Java. {@link ScalarF32} is its counterpart, line by line. */
record ScalarF64(int lanes) implements PlainTiles {
  @Override
  public Tile tile(boolean add) {
    double[] zeros = new double[lanes];
    int[] atZeros = new int[Tile.ROWS + Tile.VECTORS];
    return (depth, a, b, offsets, first, second, sums, before, after) -> {
      double[] right = (double[]) b;
      double[] to = (double[]) sums;
      for (int r = 0; r < Tile.ROWS; r += 2) {
        if (isNew(r, after)) {
          start(r, add ? to : zeros, add ? after : atZeros, to, after);
          rows(depth, (double[]) a, right, right, offsets, first, second, to, after, r);
        }
      }
    };
  }

  @Override
  public PanelTile panelTile() {
    return (depth, a, first, second, from, before, to, after) -> {
      int[] offsets = Geometry.multiples(depth, lanes);
      double[] b = (double[]) first;
      double[] d = (double[]) second;
      for (int r = 0; r < Tile.ROWS; r += 2) {
        if (isNew(r, after)) {
          start(r, (double[]) from, before, (double[]) to, after);
          rows(depth, (double[]) a, b, d, offsets, 0, 0, (double[]) to, after, r);
        }
      }
    };
  }

  /** Whether two rows are not a repetition of those before them. */
  private static boolean isNew(int r, int[] places) {
    return r == 0 || places[r] != places[r - 1];
  }

  /** Puts the first sums of two rows to where they are added to. */
  private void start(int r, double[] from, int[] before, double[] to, int[] after) {
    for (int row = r; row < r + 2; row++) {
      for (int v = Tile.ROWS; v < Tile.ROWS + Tile.VECTORS; v++) {
        System.arraycopy(from, before[row] + before[v], to, after[row] + after[v], lanes);
      }
    }
  }

  /** Two rows of a tile, two neighbouring lanes of both vectors at a time. */
  private void rows(
      int depth,
      double[] a,
      double[] b,
      double[] d,
      int[] offsets,
      int first,
      int second,
      double[] c,
      int[] places,
      int r) {
    int p0 = places[r] + places[Tile.ROWS];
    int q0 = places[r] + places[Tile.ROWS + 1];
    int p1 = places[r + 1] + places[Tile.ROWS];
    int q1 = places[r + 1] + places[Tile.ROWS + 1];
    for (int lane = 0; lane < lanes; lane += 2) {
      double s0 = c[p0 + lane];
      double s1 = c[p0 + lane + 1];
      double s2 = c[q0 + lane];
      double s3 = c[q0 + lane + 1];
      double t0 = c[p1 + lane];
      double t1 = c[p1 + lane + 1];
      double t2 = c[q1 + lane];
      double t3 = c[q1 + lane + 1];
      for (int k = 0, p = r; k < depth; k++, p += Tile.PITCH) {
        double x = a[p];
        double y = a[p + 1];
        int from = offsets[k] + lane;
        double b0 = b[first + from];
        double b1 = b[first + from + 1];
        double b2 = d[second + from];
        double b3 = d[second + from + 1];
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
        dots(count, (double[]) a, a0 + r * lanes, (double[]) b, bRows, bAt, (double[]) sums, to);
      }
    };
  }

  /** The sums of two rows and both others, two neighbouring lanes at a time. */
  private void dots(
      int count, double[] a, int a0, double[] b, int[] bRows, int[] bAt, double[] sums, int s) {
    for (int lane = 0; lane < lanes; lane += 2) {
      int to = s + lane;
      double s0 = sums[to];
      double s1 = sums[to + 1];
      double s2 = sums[to + lanes];
      double s3 = sums[to + lanes + 1];
      double t0 = sums[to + 2 * lanes];
      double t1 = sums[to + 2 * lanes + 1];
      double t2 = sums[to + 3 * lanes];
      double t3 = sums[to + 3 * lanes + 1];
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
