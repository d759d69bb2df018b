package org.kotangent.ops.internal;

import org.kotangent.ad.Announcing.Ready;
import org.kotangent.ad.Parallel;
import org.kotangent.ops.internal.Numbers.Factor;
import org.kotangent.ops.internal.Numbers.Purpose;

/**
 * The matrix product of strided matrices from packed tiles (Goto and van de Geijn 2008, "Anatomy of
 * high-performance matrix multiplication").
 *
 * <p>The left factor is packed first, tile after tile. The right one is packed, by whoever uses it,
 * vector after vector, of which two stay in the cache while the tiles pass by. Every element of the
 * result adds its k terms in their order, product and addition rounded once, whatever the cut into
 * blocks.
 */
final class VectorGemm<A> {
  /**
   * The most terms of one block: two packed vectors of that depth and a few rows stay in the first
   * cache.
   */
  private static final int DEPTH = 272;

  /** Columns of one block, whose vectors stay in the second cache. */
  static final int COLUMNS = 256;

  /** Rows of one block, which stay in the second cache when they are packed. */
  private static final int ROWS = 1024;

  /** Numbers of a right factor that stays in the first cache wherever it is. */
  private static final int NEAR = 1 << 12;

  /** Numbers that are worth a thread to pack. */
  private static final int PACKED = 1 << 15;

  /** Tiles that pass by two vectors together: their rows and sums stay in the second cache. */
  private static final int TOGETHER = 8;

  /** Columns that are worth a piece of their own before rows are cut. */
  private static final int LEAST_COLUMNS = 64;

  private final Numbers<A> numbers;
  private final int m;
  private final int n;
  private final int k;
  private final Matrix<A> a;
  private final Matrix<A> b;
  private final Matrix<A> c;
  private final Ready ready;
  private final int[] columns;

  private VectorGemm(int m, int n, int k, Matrix<A> a, Matrix<A> b, Matrix<A> c, Ready ready) {
    this.numbers = Numbers.of(c.data());
    this.m = m;
    this.n = n;
    this.k = k;
    this.a = a;
    this.b = b;
    this.c = c;
    this.ready = ready;
    this.columns = numbers.multiples();
  }

  /** Writes c = a·b, whose rows follow each other, with the help of other threads. */
  static <A> void multiply(
      int m, int n, int k, Matrix<A> a, Matrix<A> b, Matrix<A> c, Ready ready) {
    new VectorGemm<>(m, n, k, a, b, c, ready).run();
  }

  private void run() {
    if (k == 0) {
      numbers.erase(c, m, n);
      ready.elements(c.offset(), c.offset() + m * n);
      return;
    }
    int tiles = Numbers.tiles(m);
    int part = Math.ceilDiv(ROWS, Tile.ROWS);
    int depth = Math.ceilDiv(k, Math.ceilDiv(k, DEPTH));
    for (int done = 0; done < k; done += depth) {
      for (int first = 0; first < tiles; first += part) {
        rows(first, Math.min(tiles, first + part), done, Math.min(depth, k - done));
      }
    }
  }

  /** Adds the terms [done, done + depth) to the rows of some tiles. */
  private void rows(int first, int last, int done, int depth) {
    int height = (last - first) * Tile.ROWS;
    Object[] left = numbers.packed(Factor.LEFT, last - first, Numbers.packed(depth, Tile.PITCH));
    var from = new Matrix<>(a.data(), a.at(0, done), a.down(), a.across());
    Parallel.forEach(
        last - first,
        Math.ceilDiv(PACKED, Tile.ROWS * Math.max(1, depth)),
        (i, end) -> numbers.packTiles(from, m, depth, left, -first, first + i, first + end));
    int panel = numbers.lanes() * Tile.VECTORS;
    int wanted = Work.pieces((long) height * n * depth);
    int columns = Math.min(COLUMNS, up(n, panel));
    while (Math.ceilDiv(n, columns) < wanted && columns >= 2 * LEAST_COLUMNS) {
      columns = up(Math.ceilDiv(columns, 2), panel);
    }
    int width = columns;
    int across = Math.ceilDiv(n, width);
    int bands = Math.clamp(Math.ceilDiv(wanted, across), 1, Math.ceilDiv(last - first, TOGETHER));
    Parallel.forEach(
        across * bands,
        1,
        (begin, end) -> {
          for (int piece = begin; piece < end; piece++) {
            int band = piece / across;
            int j = piece % across * width;
            block(
                left,
                first,
                first + band * (last - first) / bands,
                first + (band + 1) * (last - first) / bands,
                done,
                depth,
                j,
                Math.min(width, n - j));
          }
        });
  }

  private static int up(int x, int multiple) {
    return Math.ceilDiv(x, multiple) * multiple;
  }

  /**
   * Adds the terms to the rows of some tiles in columns [j, j + width).
   *
   * @param origin the tile of {@code left[0]}
   */
  private void block(
      Object[] left, int origin, int first, int last, int done, int depth, int j, int width) {
    int panel = numbers.lanes() * Tile.VECTORS;
    int whole = width % numbers.lanes() == 0 ? width : width / panel * panel;
    if (whole > 0) {
      boolean near = b.across() == 1 && (last - first == 1 || depth * n <= NEAR);
      Right<A> right =
          near ? new InPlace(done, depth, j, whole) : new Packed(done, depth, j, whole);
      for (int some = first; some < last; some += TOGETHER) {
        int end = Math.min(last, some + TOGETHER);
        chunk(left, origin, some, end, right, j, done > 0);
        if (whole == width && done + depth == k) {
          int row = some * Tile.ROWS;
          announce(row, Math.min(m, end * Tile.ROWS) - row, j, width);
        }
      }
    }
    if (whole < width) {
      rest(left, origin, first, last, done, depth, j + whole, width - whole);
      if (done + depth == k) {
        int row = first * Tile.ROWS;
        announce(row, Math.min(m, last * Tile.ROWS) - row, j, width);
      }
    }
  }

  /** Multiplies some tiles with all vectors of the right factor, two after two. */
  private void chunk(
      Object[] left, int origin, int first, int last, Right<A> right, int j, boolean add) {
    Strip<A> strip = numbers.strip();
    for (int v = 0; v < right.vectors(); v += Tile.VECTORS) {
      int w = Math.min(v + 1, right.vectors() - 1);
      strip.columns(columns[v], columns[w]);
      for (int t = first; t < last; t++) {
        int row = t * Tile.ROWS;
        for (int r = 0; r < Tile.ROWS; r++) {
          strip.row(r, c.at(Math.min(row + r, m - 1), j));
        }
        right.multiply(strip, left[t - origin], v, w, add, c.data());
      }
    }
  }

  /** Some rows and columns of the product are final. */
  private void announce(int row, int rows, int j, int width) {
    if (width == n) {
      ready.elements(c.at(row, 0), c.at(row + rows, 0));
    } else {
      ready.rows(c.at(row, j), width, rows, c.down());
    }
  }

  /** The same for columns that fill no vector, by way of an array in which they do. */
  private void rest(
      Object[] left, int origin, int first, int last, int done, int depth, int j, int width) {
    int pitch = up(width, numbers.lanes());
    Matrix<A> sums = Matrix.rowMajor(numbers.scratch(Purpose.EDGE, Tile.ROWS * pitch), 0, pitch);
    Right<A> right = new Packed(done, depth, j, width);
    int second = right.vectors() - 1;
    Strip<A> strip = numbers.strip();
    strip.columns(0, columns[second]);
    for (int r = 0; r < Tile.ROWS; r++) {
      strip.row(r, r * pitch);
    }
    for (int tile = first; tile < last; tile++) {
      int row = tile * Tile.ROWS;
      int rows = Math.min(Tile.ROWS, m - row);
      var target = new Matrix<>(c.data(), c.at(row, j), c.down(), c.across());
      if (done > 0) {
        numbers.copy(target, sums, rows, width);
      }
      right.multiply(strip, left[tile - origin], 0, second, done > 0, sums.data());
      numbers.copy(sums, target, rows, width);
    }
  }

  /** Some rows and columns of the right factor as tiles read them. */
  private interface Right<A> {
    /** How many vectors a row has. */
    int vectors();

    /** Runs a tile on two of the vectors. */
    void multiply(Strip<A> strip, Object left, int v, int w, boolean add, A sums);
  }

  /** Whole vectors of the right factor where they are. */
  private final class InPlace implements Right<A> {
    private final int depth;
    private final int start;
    private final int vectors;
    private final int[] rows;

    InPlace(int done, int depth, int j, int width) {
      this.depth = depth;
      this.start = b.at(done, j);
      this.vectors = width / numbers.lanes();
      this.rows = Geometry.multiples(depth, b.down());
    }

    @Override
    public int vectors() {
      return vectors;
    }

    @Override
    public void multiply(Strip<A> strip, Object left, int v, int w, boolean add, A sums) {
      strip.run(depth, left, b.data(), rows, start + columns[v], start + columns[w], sums, add);
    }
  }

  /** Vectors that are packed, each by itself, the last one filled up with zeros. */
  private final class Packed implements Right<A> {
    private final int depth;
    private final int vectors;
    private final Object[] packed;

    Packed(int done, int depth, int j, int width) {
      int lanes = numbers.lanes();
      this.depth = depth;
      this.vectors = Math.ceilDiv(width, lanes);
      this.packed = numbers.packed(Factor.RIGHT, vectors, DEPTH * lanes);
      for (int v = 0; v < vectors; v++) {
        int some = Math.min(lanes, width - columns[v]);
        numbers.packVectors(b, done, j + columns[v], some, depth, packed[v]);
      }
    }

    @Override
    public int vectors() {
      return vectors;
    }

    @Override
    public void multiply(Strip<A> strip, Object left, int v, int w, boolean add, A sums) {
      strip.run(depth, left, packed[v], packed[w], sums, add);
    }
  }
}
