package org.kotangent.ops.internal;

import java.util.Arrays;
import org.kotangent.ad.Announcing.Ready;
import org.kotangent.ad.Parallel;
import org.kotangent.ops.internal.Numbers.Purpose;

/**
 * The matrix product of strided matrices from packed tiles (Goto and van de Geijn 2008, "Anatomy of
 * high-performance matrix multiplication").
 *
 * <p>The left factor is packed first, tile after tile. The right one is packed, by whoever uses it,
 * into panels of two vectors' width that stay in the cache while the tiles pass by. Every element
 * of the result adds its k terms in their order, product and addition rounded once, whatever the
 * cut into blocks.
 */
final class VectorGemm<A> {
  /**
   * The most terms of one block: a packed panel of that depth and a few rows stay in the first
   * cache.
   */
  private static final int DEPTH = 272;

  /** Columns of one block, whose panels stay in the second cache. */
  private static final int COLUMNS = 256;

  /** Rows of one block, which stay in the second cache when they are packed. */
  private static final int ROWS = 1024;

  /** Numbers of a right factor that stays in the first cache wherever it is. */
  private static final int NEAR = 1 << 12;

  /** Numbers that are worth a thread to pack. */
  private static final int PACKED = 1 << 15;

  /** Tiles that pass by each panel together: their rows and sums stay in the second cache. */
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
  private final Tables tables;

  private VectorGemm(int m, int n, int k, Matrix<A> a, Matrix<A> b, Matrix<A> c, Ready ready) {
    this.numbers = Numbers.of(c.data());
    this.m = m;
    this.n = n;
    this.k = k;
    this.a = a;
    this.b = b;
    this.c = c;
    this.ready = ready;
    this.tables = c.data() instanceof double[] ? Tables.F64 : Tables.F32;
  }

  /** Writes c = a·b, whose rows follow each other, with the help of other threads. */
  static <A> void multiply(
      int m, int n, int k, Matrix<A> a, Matrix<A> b, Matrix<A> c, Ready ready) {
    if (m > 0 && n > 0) {
      new VectorGemm<>(m, n, k, a, b, c, ready).run();
    }
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
    A left = numbers.scratch(Purpose.LEFT, Numbers.packedTiles(last - first, depth));
    var from = new Matrix<>(a.data(), a.at(0, done), a.down(), a.across());
    Parallel.forEach(
        last - first,
        Math.ceilDiv(PACKED, Tile.ROWS * Math.max(1, depth)),
        (i, end) ->
            numbers.packTiles(
                from, m, depth, left, -Numbers.packedTiles(first, depth), first + i, first + end));
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

  /** Adds the terms to the rows of some tiles in columns [j, j + width). */
  private void block(
      A left, int packed, int first, int last, int done, int depth, int j, int width) {
    int panel = numbers.lanes() * Tile.VECTORS;
    int whole = width % numbers.lanes() == 0 ? width : width / panel * panel;
    if (whole > 0) {
      Right<A> right =
          b.across() == 1 && (last - first == 1 || depth * n <= NEAR)
              ? inPlace(done, depth, j, whole)
              : packed(done, depth, j, whole);
      for (int some = first; some < last; some += TOGETHER) {
        int end = Math.min(last, some + TOGETHER);
        chunk(
            left, Numbers.packedTiles(some - packed, depth), some, end, depth, right, j, done > 0);
        if (whole == width && done + depth == k) {
          int row = some * Tile.ROWS;
          announce(row, Math.min(m, end * Tile.ROWS) - row, j, width);
        }
      }
    }
    if (whole < width) {
      rest(left, packed, first, last, done, depth, j + whole, width - whole);
      if (done + depth == k) {
        int row = first * Tile.ROWS;
        announce(row, Math.min(m, last * Tile.ROWS) - row, j, width);
      }
    }
  }

  /** Multiplies some tiles with all vectors of the right factor, two after two. */
  private void chunk(
      A left, int at, int first, int last, int depth, Right<A> right, int j, boolean add) {
    Strip<A> strip = numbers.strip();
    Tile tile = numbers.tile(add, right.form);
    for (int v = 0; v < right.vectors; v += Tile.VECTORS) {
      int w = Math.min(v + 1, right.vectors - 1);
      if (v == w) {
        tile = numbers.tile(add, Tile.Right.ANYWHERE);
      }
      strip.columns(tables.columns[v], tables.columns[w]);
      for (int t = first, a0 = at; t < last; t++, a0 += Numbers.packedTiles(1, depth)) {
        int row = t * Tile.ROWS;
        for (int r = 0; r < Tile.ROWS; r++) {
          strip.row(r, c.at(Math.min(row + r, m - 1), j));
        }
        int b0 = right.start + right.from[v];
        int b1 = right.start + right.from[w];
        strip.run(tile, depth, left, a0, right.data, right.offsets, b0, b1, c.data());
      }
    }
  }

  /** Some rows and columns of the product are final. */
  private void announce(int row, int rows, int j, int width) {
    if (width == n) {
      ready.elements(c.at(row, 0), c.at(row + rows, 0));
    } else {
      for (int i = row; i < row + rows; i++) {
        ready.elements(c.at(i, j), c.at(i, j) + width);
      }
    }
  }

  /** The same for columns that fill no vector, by way of an array in which they do. */
  private void rest(
      A left, int packed, int first, int last, int done, int depth, int j, int width) {
    int pitch = up(width, numbers.lanes());
    Matrix<A> sums = Matrix.rowMajor(numbers.scratch(Purpose.EDGE, Tile.ROWS * pitch), 0, pitch);
    Right<A> right = packed(done, depth, j, width);
    int second = right.vectors - 1;
    Tile kernel = numbers.tile(done > 0, second == 0 ? Tile.Right.ANYWHERE : right.form);
    Strip<A> strip = numbers.strip();
    strip.columns(0, tables.columns[second]);
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
      int at = Numbers.packedTiles(tile - packed, depth);
      int b1 = right.from[second];
      strip.run(kernel, depth, left, at, right.data, right.offsets, 0, b1, sums.data());
      numbers.copy(sums, target, rows, width);
    }
  }

  /** Some rows and columns of the right factor as tiles read them. */
  private static final class Right<A> {
    private final Tile.Right form;
    private final A data;
    private final int start;

    /** Where the rows are. */
    private final int[] offsets;

    /** Where the vectors of a row are. */
    private final int[] from;

    private final int vectors;

    Right(Tile.Right form, A data, int start, int[] offsets, int[] from, int vectors) {
      this.form = form;
      this.data = data;
      this.start = start;
      this.offsets = offsets;
      this.from = from;
      this.vectors = vectors;
    }
  }

  /** Whole vectors of the right factor where they are. */
  private Right<A> inPlace(int done, int depth, int j, int width) {
    return new Right<>(
        Tile.Right.ANYWHERE,
        b.data(),
        b.at(done, j),
        Geometry.multiples(depth, b.down()),
        tables.columns,
        width / numbers.lanes());
  }

  /** Panel after panel: row l of a panel is two vectors of row l of the right factor. */
  private Right<A> packed(int done, int depth, int j, int width) {
    int panel = numbers.lanes() * Tile.VECTORS;
    A right = numbers.scratch(Purpose.RIGHT, up(width, panel) * DEPTH);
    for (int p = 0; p < width; p += panel) {
      var from = new Matrix<>(b.data(), b.at(done, j + p), b.down(), b.across());
      var to = new Matrix<>(right, p * DEPTH, panel, 1);
      int columns = Math.min(panel, width - p);
      if (b.across() == 1 && columns == panel) {
        numbers
            .panels()
            .run(depth, from.data(), from.offset(), from.down(), right, to.offset(), panel);
      } else {
        numbers.copy(from.transposed(), to.transposed(), columns, depth);
      }
      if (columns < panel) {
        for (int l = 0; l < depth; l++) {
          numbers.erase(right, p * DEPTH + l * panel + columns, p * DEPTH + (l + 1) * panel);
        }
      }
    }
    return new Right<>(
        Tile.Right.PANEL,
        right,
        0,
        tables.rows,
        tables.panels,
        Math.ceilDiv(width, numbers.lanes()));
  }

  /** Where things are in packed panels, for the one number of lanes that a type has. */
  private static final class Tables {
    private static final Tables F32 = new Tables(NumbersF32.INSTANCE.lanes());
    private static final Tables F64 = new Tables(NumbersF64.INSTANCE.lanes());

    private final int[] rows;
    private final int[] panels;
    private final int[] columns;

    private Tables(int lanes) {
      int panel = lanes * Tile.VECTORS;
      int vectors = COLUMNS / lanes;
      this.rows = Geometry.multiples(DEPTH, panel);
      this.columns = Geometry.multiples(vectors, lanes);
      this.panels = new int[vectors];
      Arrays.setAll(panels, v -> v / Tile.VECTORS * panel * DEPTH + v % Tile.VECTORS * lanes);
    }
  }
}
