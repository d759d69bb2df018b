package org.kotangent.ops.internal;

/**
 * Products of a few rows with a few others, lane by lane: s[r, t] += Σₚ a[r, p]·b[t, p], where
 * every p is a vector of neighbouring numbers and every sum a vector of as many partial sums.
 */
interface DotTile {
  /** Rows of the one factor. */
  int ROWS = 6;

  /** Rows of the other. */
  int COLUMNS = 2;

  /**
   * Adds to the partial sums.
   *
   * @param count how many vectors p
   * @param a the one factor, packed: vector p of row r is at {@code a0 + (p·ROWS + r)·lanes}
   * @param a0 where it starts
   * @param b the other factor
   * @param bRows where its rows start
   * @param bAt how far from there its vectors are
   * @param sums the partial sums, those of (r, t) at {@code s + (r·COLUMNS + t)·lanes}
   * @param s where they start
   */
  void run(int count, Object a, int a0, Object b, int[] bRows, int[] bAt, Object sums, int s);
}
