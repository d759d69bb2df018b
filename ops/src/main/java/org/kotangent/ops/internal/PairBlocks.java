package org.kotangent.ops.internal;

import org.kotangent.ad.Arr;
import org.kotangent.ad.DType;

/**
 * Windows of 2×2 that neither overlap nor leave the image, as blocks of so many as a vector has
 * lanes. A block consists of two halves, each with contiguous numbers in two rows: windows of one
 * row or, where rows are short, of two.
 *
 * @param lanes windows of a block
 */
record PairBlocks(int lanes) {
  /** Places of a block: where its halves start and where its results go. */
  static final int FIRST = 0;

  static final int SECOND = 1;
  static final int RESULT = 2;

  /** How many places there are. */
  static final int PLACES = 3;

  /** Whether the windows are such, and enough of them fit into a row or the image. */
  boolean isFor(PoolShape s, Arr x) {
    return x.dtype() == DType.F32 && isPairs(s.height()) && isPairs(s.width()) && fits(s);
  }

  private static boolean isPairs(Taps t) {
    boolean pairs = t.taps() == 2 && t.stride() == 2 && t.dilation() == 1;
    return pairs && t.before() == 0 && 2 * t.out() <= t.in();
  }

  private boolean fits(PoolShape s) {
    int columns = s.width().out();
    return columns >= lanes || (columns == lanes / 2 && s.height().out() > 1);
  }

  /** The places of all blocks of a plane. */
  int[] of(PoolShape s) {
    return s.width().out() % (lanes / 2) == 0 ? halves(s) : rows(s);
  }

  /** The last block of a row overlaps the one before it, where the row is no multiple of lanes. */
  private int[] rows(PoolShape s) {
    int columns = s.width().out();
    int each = Math.ceilDiv(columns, lanes);
    int[] blocks = new int[PLACES * each * s.height().out()];
    for (int b = 0; PLACES * b < blocks.length; b++) {
      int row = b / each;
      int column = Math.min(b % each * lanes, columns - lanes);
      int start = 2 * (row * s.width().in() + column);
      put(blocks, b, start, start + lanes, row * columns + column);
    }
    return blocks;
  }

  /** The same, with halves that need not be of one row; the last two blocks may overlap. */
  private int[] halves(PoolShape s) {
    int half = lanes / 2;
    int count = s.windows() / half;
    int[] blocks = new int[PLACES * Math.ceilDiv(count, 2)];
    for (int b = 0; PLACES * b < blocks.length; b++) {
      int first = Math.min(2 * b, count - 2);
      put(blocks, b, start(s, first), start(s, first + 1), first * half);
    }
    return blocks;
  }

  private int start(PoolShape s, int half) {
    int each = s.width().out() / (lanes / 2);
    return 2 * (half / each * s.width().in() + half % each * (lanes / 2));
  }

  private static void put(int[] blocks, int b, int first, int second, int to) {
    blocks[PLACES * b + FIRST] = first;
    blocks[PLACES * b + SECOND] = second;
    blocks[PLACES * b + RESULT] = to;
  }
}
