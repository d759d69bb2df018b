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
 * do, by all threads together. The left factor is read where it is, but for one whose rows are no
 * neighbouring numbers and whose columns would drive each other out of the cache, which is packed
 * tile after tile. Factors that are small, or are looked at seldom, are not packed. Every element
 * of the result adds its k terms in their order, product and addition rounded once, whatever the
 * cut into blocks.
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

  /** Columns for which no left factor is packed. */
  private static final int FEW = 48;

  /** Numbers of a factor that stays in the first cache wherever it is. */
  private static final int NEAR = 1 << 12;

  /** Columns so many numbers apart, or a multiple, begin in few sets of the first cache. */
  private static final int SETS = 64;

  /** Numbers of a factor that stays in the second cache. */
  private static final int SOME = 1 << 15;

  /** The most numbers that are packed before any is used. */
  private static final int MANY = 1 << 19;

  /** Numbers that are worth a thread to pack. */
  private static final int PACKED = 1 << 14;

  /** From one term of a packed tile to the next: a vector of floats, two of doubles. */
  private static final int PITCH = 8;

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
  private final boolean packsLeft;
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
    this.packsLeft = a.across() != 1 && n > FEW && (long) m * k > SOME && !isSpread(a);
    this.packsRight = b.across() != 1 || (m > TALL && (long) Math.min(k, DEPTH) * n > NEAR);
  }

  /** Whether the columns of a matrix begin in many different sets of the first cache. */
  private static boolean isSpread(Matrix<?> matrix) {
    return matrix.down() == 1 && matrix.across() % SETS != 0;
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
    int deep = Math.min(blocks(), MANY / (CHUNK * DEPTH));
    int some = packsLeft ? Math.max(1, MANY / Math.min(k, deep * DEPTH) / CHUNK) * CHUNK : m;
    for (int top = 0; top < m; top += some) {
      for (int block = 0; block < blocks(); block += deep) {
        int last = Math.min(blocks(), block + deep);
        new Round(top, Math.min(some, m - top), block, last).run();
      }
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

  /** Rows and blocks of terms whose left factor is packed together. */
  private final class Round {
    private final int top;
    private final int height;
    private final int firstBlock;
    private final int lastBlock;
    private final int before;
    private final int terms;
    private final int tileRows;
    private final int rows;
    private final int columns;
    private final boolean sharesRight;
    private final A left;
    private final A right;

    Round(int top, int height, int firstBlock, int lastBlock) {
      this.top = top;
      this.height = height;
      this.firstBlock = firstBlock;
      this.lastBlock = lastBlock;
      this.before = start(firstBlock);
      this.terms = start(lastBlock) - before;
      this.tileRows = Math.ceilDiv(height, NativeTileCode.ROWS);
      int wanted = Work.pieces((long) height * n * terms);
      int across = Math.min(wanted, Math.max(1, n / LEAST_COLUMNS));
      int bands = Math.min(Math.ceilDiv(wanted, across), Math.ceilDiv(height, CHUNK));
      this.rows = up(Math.ceilDiv(height, bands), NativeTileCode.ROWS);
      this.columns = up(Math.ceilDiv(n, across), 2 * lanes);
      boolean many = (long) terms * n > SOME;
      this.sharesRight = packsRight && rows < height && many && (long) terms * n <= MANY;
      this.left = packsLeft ? packedLeft() : a.data();
      this.right = sharesRight ? packedRight() : b.data();
    }

    /** The left factor's blocks of terms, each tile after tile. */
    private A packedLeft() {
      A packed = numbers.scratch(Purpose.EDGE, tileRows * terms * PITCH);
      forEachPart(
          tileRows,
          NativeTileCode.ROWS,
          (done, depth, first, count) -> {
            int row = first * NativeTileCode.ROWS;
            packing.pack(
                new Matrix<>(a.data(), a.at(top + row, done), a.down(), a.across()).transposed(),
                depth,
                Math.min(count * NativeTileCode.ROWS, height - row),
                m - top - row,
                NativeTileCode.ROWS,
                packed,
                leftAt(done, depth, first),
                PITCH);
          });
      return packed;
    }

    private int leftAt(int done, int depth, int tile) {
      return ((done - before) * tileRows + depth * tile) * PITCH;
    }

    /** The right factor's blocks of terms, each group of columns after group. */
    private A packedRight() {
      int groups = Math.ceilDiv(n, group);
      A packed = numbers.scratch(Purpose.GRADIENT, groups * terms * group);
      forEachPart(
          groups,
          group,
          (done, depth, first, count) -> {
            int j = first * group;
            int width = Math.min(count * group, n - j);
            packRight(done, depth, j, width, packed, rightAt(done, depth, first));
          });
      return packed;
    }

    private int rightAt(int done, int depth, int first) {
      return ((done - before) * Math.ceilDiv(n, group) + depth * first) * group;
    }

    /** Some groups of rows or columns of a block of terms. */
    private interface Part {
      void pack(int done, int depth, int first, int count);
    }

    private void forEachPart(int groups, int each, Part part) {
      int grain = Math.ceilDiv(PACKED, each * Math.min(k, DEPTH));
      int pieces = Math.ceilDiv(groups, grain);
      Parallel.forEach(
          (lastBlock - firstBlock) * pieces,
          1,
          (from, to) -> {
            for (int piece = from; piece < to; piece++) {
              int block = firstBlock + piece / pieces;
              int first = piece % pieces * grain;
              int done = start(block);
              part.pack(done, start(block + 1) - done, first, Math.min(grain, groups - first));
            }
          });
    }

    /** Computes the rows, in pieces that are wide rather than many. */
    void run() {
      int pieces = Math.ceilDiv(n, columns);
      Parallel.forEach(
          Math.ceilDiv(height, rows) * pieces,
          1,
          (from, to) -> {
            for (int piece = from; piece < to; piece++) {
              int i = piece / pieces * rows;
              int j = piece % pieces * columns;
              piece(i, Math.min(rows, height - i), j, Math.min(columns, n - j));
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
        at = rightAt(done, depth, j / group);
      } else if (packsRight) {
        factor = numbers.scratch(Purpose.IMAGE, up(width, group) * depth);
        packRight(done, depth, j, width, factor, 0);
      }
      for (int row = i; row < i + some; row += CHUNK) {
        int chunk = Math.min(CHUNK, i + some - row);
        chunk(done, depth, row, chunk, j, width, factor, at);
        if (done + depth == k) {
          announce(top + row, chunk, j, width);
        }
      }
    }

    /** Runs tiles of large vectors, of vectors, and of those that have masks. */
    private void chunk(
        int done, int depth, int row, int some, int j, int width, A factor, int bAt) {
      int large = group > lanes ? width / group * group : 0;
      int vectors = (width - large) / lanes;
      // A vector that is left over and the rest of a row make a tile together.
      int whole = large + (width % lanes == 0 ? vectors : vectors / 2 * 2) * lanes;
      int from = packsLeft ? leftAt(done, depth, row / NativeTileCode.ROWS) : a.at(top + row, done);
      int to = c.at(top + row, j);
      TilePlan plan = PLAN.get();
      if (large > 0) {
        plan(plan, done, depth, some, 0, large, group);
        var code = tiles.largeTiles().orElseThrow();
        code.run(plan.numbers(), left, from, factor, bAt, c.data(), to, 1);
      }
      if (large < whole) {
        plan(plan, done, depth, some, large, whole, lanes);
        var code = tiles.tiles(Terms.SPACED, false);
        code.run(plan.numbers(), left, from, factor, bAt, c.data(), to, 1);
      }
      if (whole < width) {
        plan(plan, done, depth, some, whole, width, lanes);
        for (int column = whole; column < width; column += lanes) {
          tiles.mask(Math.min(lanes, width - column), plan);
        }
        var code = tiles.tiles(Terms.SPACED, true);
        code.run(plan.numbers(), left, from, factor, bAt, c.data(), to, 1);
      }
    }

    /** Plans some rows and the columns [first, last) of a block, cut into vectors; masks follow. */
    private void plan(
        TilePlan plan, int done, int depth, int some, int first, int last, int vector) {
      plan.of(some, depth)
          .b(packsRight ? group : b.down(), 0)
          .c(c.down(), done > 0)
          .vectors(Math.ceilDiv(last - first, vector))
          .table(TilePlan.C_AGAIN, 0);
      if (packsLeft) {
        plan.a(1, PITCH, depth * PITCH, 0);
      } else {
        plan.a(a.down(), a.across());
      }
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
        for (int row = i; row < i + some; row++) {
          ready.elements(c.at(row, j), c.at(row, j) + width);
        }
      }
    }
  }
}
