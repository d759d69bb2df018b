package org.kotangent.ops.internal;

/**
 * Products of a few rows with one vector or two after another, whose sums stay in registers: c[r,
 * v] = Σₖ a[k, r]·b[k, v], each v a vector of neighbouring numbers.
 *
 * <p>Term k of row r of the left factor is at {@code a0 + k·rows + r}. The right factor is found by
 * tables: vector v of its row k starts at {@code b0 + offsets[k] + bAt[v]}, so that it may be a
 * packed panel, a matrix or an image seen through one weight of a filter after another. Each sum
 * adds its terms in the order of k, product and addition rounded once; other tiles give the same
 * bits.
 */
interface Tile {
  /**
   * Computes the sums of vectors {@code from} (inclusive) to {@code to} (exclusive), of which there
   * are a multiple of those of the tile.
   *
   * @param depth how many terms
   * @param a the left factor, packed
   * @param a0 where it starts
   * @param b the right factor
   * @param b0 where it starts
   * @param offsets where its rows are
   * @param bAt where the vectors of a row are
   * @param c the sums
   * @param c0 where they start
   * @param rows where the rows of sums are
   * @param r which of them is the first
   * @param cAt where the vectors of a row of sums are
   * @param from the first vector
   * @param to the vector behind the last
   */
  void run(
      int depth,
      Object a,
      int a0,
      Object b,
      int b0,
      int[] offsets,
      int[] bAt,
      Object c,
      int c0,
      int[] rows,
      int r,
      int[] cAt,
      int from,
      int to);
}
