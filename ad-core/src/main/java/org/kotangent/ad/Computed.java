package org.kotangent.ad;

import java.util.Arrays;

/**
 * Results of elementwise expressions that are computed block by block as they are read. Some are
 * stored; of the others there is never more than a block.
 */
final class Computed implements Numbers {
  /** Elements of a block: a few such arrays stay in the first two caches. */
  private static final int BLOCK = RunSum.MOST;

  private static final int GRAIN = 1 << 15;

  private final Rows rows;
  private final Loop loop;
  private final Object[] operands;
  private final DType number;
  private final Arr[] stored;
  private final int loose;

  /**
   * Results of expressions in the given operands.
   *
   * @param number the type they are computed in
   * @param loose how many are not stored, of that type; they come first
   * @param stored the arrays of the others
   */
  Computed(Pointwise function, DType number, Shape shape, Arr[] in, int loose, Arr... stored) {
    this.rows = function.rows(shape, in);
    this.operands = Arrays.stream(in).map(Arr::data).toArray();
    this.number = number;
    this.loose = loose;
    this.stored = stored;
    long moved = ((1L << loose) - 1) << in.length;
    this.loop = function.loop(number, in, rows.single(), rows.shifted() | moved);
  }

  @Override
  public DType type(int k) {
    return k < loose ? number : stored[k - loose].dtype();
  }

  @Override
  public int grain() {
    return GRAIN;
  }

  @Override
  public Reader reader() {
    return new Block();
  }

  private final class Block implements Reader {
    private final Object[] results = new Object[loose + stored.length];
    private final int[] at = new int[operands.length + results.length];
    private final int[] step = rows.step(at.length);
    private int start;
    private int end;

    Block() {
      for (int k = 0; k < results.length; k++) {
        results[k] = k < loose ? Scratch.mine().block(number, k, BLOCK) : stored[k - loose].data();
      }
    }

    @Override
    public int seek(int from, int count, int until) {
      if (from < start || from >= end) {
        start = from;
        end = Math.min(until, from + BLOCK - BLOCK % count);
        Arrays.fill(at, operands.length, operands.length + loose, -start);
        rows.run(loop, operands, at, step, results, start, end);
      }
      return end - from;
    }

    @Override
    public Object data(int k) {
      return results[k];
    }

    @Override
    public int place(int k, int element) {
      return k < loose ? element - start : element;
    }
  }
}
