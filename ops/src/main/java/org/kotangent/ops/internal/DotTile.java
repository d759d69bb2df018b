package org.kotangent.ops.internal;

/**
 * Products of a few rows with a few others, lane by lane: s[r, t] += Σₚ a[r, p]·b[t, p], where
 * every p is a vector of neighbouring numbers and every sum a vector of as many partial sums.
 */
interface DotTile {
  /**
   * Adds to the partial sums.
   *
   * @param count how many vectors p
   * @param a the one factor
   * @param a0 where it starts
   * @param aRows where its rows start
   * @param r which of them is the first
   * @param aAt how far from there its vectors are
   * @param b the other factor
   * @param b0 where it starts
   * @param bRows where its rows start
   * @param t which of them is the first
   * @param bAt how far from there its vectors are
   * @param sums the partial sums, those of (r, t) at {@code s + (r·columns + t)·lanes}
   * @param s where they start
   */
  void run(
      int count,
      Object a,
      int a0,
      int[] aRows,
      int r,
      int[] aAt,
      Object b,
      int b0,
      int[] bRows,
      int t,
      int[] bAt,
      Object sums,
      int s);
}
