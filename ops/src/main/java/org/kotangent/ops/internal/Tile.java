package org.kotangent.ops.internal;

/**
 * The product of a few rows with two vectors, whose sums stay in registers: c[r, v] = Σₖ a[k,
 * r]·b[k, v], each v a vector of neighbouring numbers.
 *
 * <p>Term k of row r of the left factor is at {@code k·PITCH + r}. The right factor is found by a
 * table: vector v of its row k starts {@code offsets[k]} behind the place given for v, so that it
 * may be a matrix or an image seen through one weight of a filter after another; if it is packed, a
 * {@link PanelTile} does the same. Each sum adds its terms in the order of k, product and addition
 * rounded once.
 *
 * <p>Sum (r, v) is at {@code places[r] + places[ROWS + v]}. The places are given twice, in two
 * arrays with the same numbers, of which one is read before the sums are added to and one after: C2
 * would keep what it reads twice in registers, where there is room for the sums alone. Further
 * numbers in them are larger than all others, the fences of a {@link PanelTile}.
 */
interface Tile {
  /** Rows of sums, pinned for the JDK of the build. */
  int ROWS = 6;

  /** From one term of the left factor to the next: to multiply by it, a shift is enough. */
  int PITCH = 8;

  /** Vectors of sums. */
  int VECTORS = 2;

  /** How many fences there are room for. */
  int FENCES = 3;

  /**
   * Computes the sums.
   *
   * @param depth how many terms; without any, nothing is written
   * @param a the left factor, packed
   * @param b the right factor
   * @param offsets where its rows are
   * @param first where its first vectors are
   * @param second where its second vectors are
   * @param sums the sums
   * @param before where they are
   * @param after where they are, in another array
   */
  void run(
      int depth,
      Object a,
      Object b,
      int[] offsets,
      int first,
      int second,
      Object sums,
      int[] before,
      int[] after);

  /** Places for the sums of a tile, those of the fences included. */
  static int[] places() {
    int[] places = new int[ROWS + VECTORS + FENCES];
    for (int j = ROWS + VECTORS; j < places.length; j++) {
      places[j] = Integer.MAX_VALUE - j;
    }
    return places;
  }
}
