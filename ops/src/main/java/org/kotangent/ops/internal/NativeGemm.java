package org.kotangent.ops.internal;

import org.kotangent.ad.Announcing.Ready;
import org.kotangent.ad.Parallel;
import org.kotangent.ops.internal.NativeTileCode.Terms;
import org.kotangent.ops.internal.Numbers.Purpose;

/**
 * The matrix product of strided matrices by {@link NativeTileCode}, in blocks that stay in the
 * caches (Goto and van de Geijn 2008, "Anatomy of high-performance matrix multiplication").
 *
 * <p>The right factor is packed vector after vector, by the thread that uses it or, where several
 * do, by all threads together; one that is small, or is looked at seldom, is not packed. The left
 * factor is read where it is: of a row of it that is no neighbouring numbers, the next rows lie
 * beside. Every element of the result adds its k terms in their order, product and addition rounded
 * once, whatever the cut into blocks.
 */
final class NativeGemm<A> {
  /**
   * The most terms of a block: two packed vectors so deep and some rows stay in the first cache.
   */
  private static final int DEPTH = 256;

  /** Columns of one block, which stay in the second cache. */
  private static final int COLUMNS = 256;

  /** Rows that pass by the columns of a block together. */
  private static final int CHUNK = 8 * NativeTileCode.ROWS;

  /** Columns that are worth a piece of their own before rows are cut. */
  private static final int LEAST_COLUMNS = 64;

  /** Rows for which a right factor whose rows are neighbouring numbers is not packed. */
  private static final int TALL = 384;

  /** Numbers of a factor that stays in the first cache wherever it is. */
  private static final int NEAR = 1 << 12;

  /** Numbers of a factor that stays in the second cache. */
  private static final int SOME = 1 << 15;

  /** The most numbers that are packed before any is used. */
  private static final int MANY = 1 << 19;

  /** Numbers that are worth a thread to pack. */
  private static final int PACKED = 1 << 14;

  /** The plan of a thread. */
  private static final ThreadLocal<TilePlan> PLAN = ThreadLocal.withInitial(TilePlan::new);

  private final NativeTiles tiles;
  private final NativePacking<A> packing;
  private final Numbers<A> numbers;
  private final int lanes;

  /** Columns that are packed together: those of a vector, of a large one where there are such. */
  private final int group;

  private final int m;
  private final int n;
  private final int k;
  private final Matrix<A> a;
  private final Matrix<A> b;
  private final Matrix<A> c;
  private final Ready ready;
  private final boolean packsRight;

  private NativeGemm(int m, int n, int k, Matrix<A> a, Matrix<A> b, Matrix<A> c, Ready ready) {
    this.tiles = NativeTiles.of(c.data());
    this.packing = new NativePacking<>(c.data());
    this.numbers = Numbers.of(c.data());
    this.lanes = tiles.lanes();
    this.group = tiles.largeTiles().isPresent() ? 2 * lanes : lanes;
    this.m = m;
    this.n = n;
    this.k = k;
    this.a = a;
    this.b = b;
    this.c = c;
    this.ready = ready;
    this.packsRight = b.across() != 1 || (m > TALL && (long) Math.min(k, DEPTH) * n > NEAR);
  }

  /** Writes c = a·b, whose rows follow each other, with the help of other threads. */
  static <A> void multiply(
      int m, int n, int k, Matrix<A> a, Matrix<A> b, Matrix<A> c, Ready ready) {
    new NativeGemm<>(m, n, k, a, b, c, ready).run();
  }

  private void run() {
    if (k == 0) {
      numbers.erase(c, m, n);
      ready.elements(c.offset(), c.offset() + m * n);
      return;
    }
    int deep = packsRight ? Math.max(1, MANY / DEPTH / n) : blocks();
    for (int block = 0; block < blocks(); block += deep) {
      new Round(block, Math.min(blocks(), block + deep)).run();
    }
  }

  private static int up(int x, int multiple) {
    return Math.ceilDiv(x, multiple) * multiple;
  }

  /** Into how many blocks the terms are cut. */
  private int blocks() {
    return Math.ceilDiv(k, DEPTH);
  }

  /** Where a block of terms begins. */
  private int start(int block) {
    return (int) ((long) block * k / blocks());
  }

  /** Packs columns [j, j + width) of terms [done, done + depth) of the right factor. */
  private void packRight(int done, int depth, int j, int width, A to, int at) {
    var from = new Matrix<>(b.data(), b.at(done, j), b.down(), b.across());
    packing.pack(from, depth, width, n - j, group, to, at, group);
  }

  /** Blocks of terms whose right factor is packed together. */
  private final class Round {
    private final int firstBlock;
    private final int lastBlock;
    private final int rows;
    private final int columns;
    private final boolean sharesRight;
    private final A right;

    Round(int firstBlock, int lastBlock) {
      this.firstBlock = firstBlock;
      this.lastBlock = lastBlock;
      int terms = start(lastBlock) - start(firstBlock);
      int wanted = Work.pieces((long) m * n * terms);
      int across = Math.min(wanted, Math.max(1, n / LEAST_COLUMNS));
      int bands = Math.min(Math.ceilDiv(wanted, across), Math.ceilDiv(m, CHUNK));
      this.rows = up(Math.ceilDiv(m, bands), NativeTileCode.ROWS);
      this.columns = up(Math.ceilDiv(n, across), 2 * lanes);
      long size = (long) terms * n;
      this.sharesRight = packsRight && rows < m && size > SOME && size <= MANY;
      this.right = sharesRight ? packedRight(terms) : b.data();
    }

    /** The right factor's blocks of terms, each group of columns after group. */
    private A packedRight(int terms) {
      int groups = Math.ceilDiv(n, group);
      A packed = numbers.scratch(Purpose.GRADIENT, groups * terms * group);
      int grain = Math.ceilDiv(PACKED, group * Math.min(k, DEPTH));
      int pieces = Math.ceilDiv(groups, grain);
      Parallel.forEach(
          (lastBlock - firstBlock) * pieces,
          1,
          (from, to) -> {
            for (int piece = from; piece < to; piece++) {
              int block = firstBlock + piece / pieces;
              int j = piece % pieces * grain * group;
              int done = start(block);
              int depth = start(block + 1) - done;
              packRight(done, depth, j, Math.min(grain * group, n - j), packed, at(done, depth, j));
            }
          });
      return packed;
    }

    /** Where the packed right factor has a column of a block of terms. */
    private int at(int done, int depth, int j) {
      return (done - start(firstBlock)) * up(n, group) + depth * j;
    }

    /** Computes the rows, in pieces that are wide rather than many. */
    void run() {
      int pieces = Math.ceilDiv(n, columns);
      Parallel.forEach(
          Math.ceilDiv(m, rows) * pieces,
          1,
          (from, to) -> {
            for (int piece = from; piece < to; piece++) {
              int i = piece / pieces * rows;
              int j = piece % pieces * columns;
              piece(i, Math.min(rows, m - i), j, Math.min(columns, n - j));
            }
          });
    }

    private void piece(int i, int some, int from, int count) {
      for (int block = firstBlock; block < lastBlock; block++) {
        int done = start(block);
        int depth = start(block + 1) - done;
        for (int j = from; j < from + count; j += COLUMNS) {
          int width = Math.min(COLUMNS, from + count - j);
          block(done, depth, i, some, j, width);
        }
      }
    }

    /** Adds some terms to some rows and columns. */
    private void block(int done, int depth, int i, int some, int j, int width) {
      A factor = right;
      int at = packsRight ? 0 : b.at(done, j);
      if (sharesRight) {
        at = at(done, depth, j);
      } else if (packsRight) {
        factor = numbers.scratch(Purpose.IMAGE, up(width, group) * depth);
        packRight(done, depth, j, width, factor, 0);
      }
      for (int row = i; row < i + some; row += CHUNK) {
        int chunk = Math.min(CHUNK, i + some - row);
        chunk(done, depth, row, chunk, j, width, factor, at);
        if (done + depth == k) {
          announce(row, chunk, j, width);
        }
      }
    }
  }

  /** Runs tiles of large vectors, of vectors, and of those that have masks. */
  private void chunk(int done, int depth, int row, int some, int j, int width, A factor, int bAt) {
    int large = group > lanes ? width / group * group : 0;
    int vectors = (width - large) / lanes;
    // A vector that is left over and the rest of a row make a tile together.
    int whole = large + (width % lanes == 0 ? vectors : vectors / 2 * 2) * lanes;
    int from = a.at(row, done);
    int to = c.at(row, j);
    TilePlan plan = PLAN.get();
    if (large > 0) {
      plan(plan, done, depth, some, 0, large, group);
      var code = tiles.largeTiles().orElseThrow();
      code.run(plan.numbers(), a.data(), from, factor, bAt, c.data(), to, 1);
    }
    if (large < whole) {
      plan(plan, done, depth, some, large, whole, lanes);
      var code = tiles.tiles(Terms.SPACED, false);
      code.run(plan.numbers(), a.data(), from, factor, bAt, c.data(), to, 1);
    }
    if (whole < width) {
      plan(plan, done, depth, some, whole, width, lanes);
      for (int column = whole; column < width; column += lanes) {
        tiles.mask(Math.min(lanes, width - column), plan);
      }
      var code = tiles.tiles(Terms.SPACED, true);
      code.run(plan.numbers(), a.data(), from, factor, bAt, c.data(), to, 1);
    }
  }

  /** Plans some rows and the columns [first, last) of a block, cut into vectors; masks follow. */
  private void plan(TilePlan plan, int done, int depth, int some, int first, int last, int vector) {
    plan.of(some, depth)
        .a(a.down(), a.across())
        .b(packsRight ? group : b.down(), 0)
        .c(c.down(), done > 0)
        .vectors(Math.ceilDiv(last - first, vector))
        .table(TilePlan.C_AGAIN, 0);
    plan.begin(TilePlan.B_VECTORS);
    for (int column = first; column < last; column += vector) {
      int packed = column / group * depth * group + column % group;
      plan.add(packsRight ? packed : column);
    }
    plan.begin(TilePlan.C_VECTORS);
    for (int column = first; column < last; column += vector) {
      plan.add(column);
    }
    plan.begin(TilePlan.MASKS);
  }

  /** Some rows and columns of the product are final. */
  private void announce(int i, int some, int j, int width) {
    if (width == n) {
      ready.elements(c.at(i, 0), c.at(i + some, 0));
    } else {
      ready.rows(c.at(i, j), width, some, c.down());
    }
  }
}
