package org.kotangent.ops.internal;

/**
 * Strips of a product: a few rows of sums, at most those of a {@link Tile}, as many vectors of them
 * as there are. Belongs to one thread.
 *
 * <p>A tile is always whole. Where rows or vectors run out the last one is computed several times,
 * to the same end.
 */
final class Strip<A> {
  private final Numbers<A> numbers;
  private final A zeros;
  private final int[] before = Tile.places();
  private final int[] after = before.clone();
  private final int[] atZeros = before.clone();

  Strip(Numbers<A> numbers) {
    this.numbers = numbers;
    this.zeros = numbers.allocate(numbers.lanes());
  }

  /**
   * Computes the sums of some rows and all vectors.
   *
   * @param rows how many rows
   * @param depth how many terms
   * @param a the tile of the left factor, packed
   * @param b the right factor
   * @param b0 where it starts
   * @param offsets where its rows are
   * @param bAt where the vectors of a row are
   * @param c the sums
   * @param c0 where they start
   * @param cRows where the rows of sums are
   * @param r which of them is the first
   * @param cAt where the vectors of a row of sums are
   * @param vectors how many there are
   * @param add whether they start at what is there, or at zero
   */
  void multiply(
      int rows,
      int depth,
      Object a,
      A b,
      int b0,
      int[] offsets,
      int[] bAt,
      A c,
      int c0,
      int[] cRows,
      int r,
      int[] cAt,
      int vectors,
      boolean add) {
    for (int i = 0; i < Tile.ROWS; i++) {
      row(i, c0 + cRows[r + Math.min(i, rows - 1)]);
    }
    for (int v = 0; v < vectors; v += Tile.VECTORS) {
      int w = Math.min(v + 1, vectors - 1);
      columns(cAt[v], cAt[w]);
      run(depth, a, b, offsets, b0 + bAt[v], b0 + bAt[w], c, add);
    }
  }

  /** Says where a row of sums is. */
  void row(int i, int place) {
    before[i] = place;
    after[i] = place;
  }

  /** Says where the vectors of a row of sums are. */
  void columns(int first, int second) {
    row(Tile.ROWS, first);
    row(Tile.ROWS + 1, second);
  }

  /** Adds up what the places said before are for, from what is there or from zero. */
  void run(int depth, Object a, A b, int[] offsets, int first, int second, A c, boolean add) {
    numbers.tile(add).run(depth, a, b, offsets, first, second, c, before, after);
  }

  /** The same with a packed right factor. */
  void run(int depth, Object a, Object first, Object second, A c, boolean add) {
    A from = add ? c : zeros;
    int[] at = add ? before : atZeros;
    numbers.panelTile().run(depth, a, first, second, from, at, c, after);
  }
}
