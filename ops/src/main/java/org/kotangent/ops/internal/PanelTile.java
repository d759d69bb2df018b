package org.kotangent.ops.internal;

/**
 * A {@link Tile} whose right factor is packed: row k of its first vectors starts at {@code k·lanes}
 * of one array, and that of its second vectors at the same place of another. So one index is enough
 * for both factors, no bounds are checked in the loop, and a few terms make one turn of it. One bit
 * goes round in a number that is compared with the fences, see {@link Arrangement}.
 *
 * <p>The sums start at numbers of any array, for instance at zeros. With constants instead, C2
 * would run out of registers.
 *
 * <p>Where terms do not fill the last turn, −0·0 follows in the packed factors, which changes no
 * sum and no sign of one.
 */
interface PanelTile {
  /** The most terms of a turn, a multiple of every other number of them. */
  int TERMS = 4;

  /**
   * Computes the sums.
   *
   * @param depth how many terms; without any, nothing is written
   * @param a the left factor, packed
   * @param first the first vectors of the right factor
   * @param second the second ones
   * @param from what the sums start at
   * @param before where that is
   * @param to the sums
   * @param after where they are
   */
  void run(
      int depth,
      Object a,
      Object first,
      Object second,
      Object from,
      int[] before,
      Object to,
      int[] after);
}
