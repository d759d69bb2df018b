package org.kotangent.ops.internal;

/**
 * One thread's workspace for products: a packed panel of the right factor and a few rows of sums.
 *
 * <p><b>Why it looks like this.</b> C2 turns {@code s[j] += a * b[j]} into vector instructions only
 * where every array of the loop starts at index zero: with an offset it cannot exclude that two of
 * them overlap, and the loop runs one number at a time. So each row of the panel and each row of
 * sums is an array of its own, and what is packed into them (a matrix, a transposed matrix, the
 * patches of an image) is the caller's business. The tile of three rows by two terms is the one
 * that C2 compiles best on JDK 25; larger ones exceed its unrolling limit and run scalar.
 *
 * <p><b>Order of summation.</b> Every sum adds its terms one after the other in the order of the
 * panel's rows, a product and an addition each rounded, whatever the tile, the panel's width or the
 * compiler's state. The result is therefore the textbook loop's, bit for bit.
 *
 * @param <A> the array type, {@code float[]} or {@code double[]}
 */
public abstract sealed class Panel<A> permits PanelF32, PanelF64 {
  /** The most columns that a panel holds. */
  public static final int WIDTH = 256;

  /** The most rows that a panel holds, which is the most terms summed at once. */
  public static final int DEPTH = 256;

  /** How many rows of sums are computed together. */
  public static final int ROWS = 3;

  Panel() {}

  /** The panel of the calling thread for numbers of the kind that {@code array} holds. */
  @SuppressWarnings("unchecked")
  public static <A> Panel<A> forArray(A array) {
    return (Panel<A>) (array instanceof float[] ? PanelF32.ofThread() : PanelF64.ofThread());
  }

  /** Packs {@code panel[row][at + i] = source[from + i·step]} for i in [0, count). */
  public abstract void pack(int row, int at, A source, int from, int step, int count);

  /** Packs zeros into {@code panel[row][at, at + count)}. */
  public abstract void packZeros(int row, int at, int count);

  /** Packs what a patch looks at into its columns of a row. */
  abstract void pack(int row, Patch patch, A source);

  /**
   * Packs what a patch looks at into a column, taking its columns for rows, and what lies {@code
   * dilation}, 2·dilation, … behind that into the next columns.
   */
  abstract void packTransposed(int column, int taps, int dilation, Patch patch, A source);

  /** Packs zeros into rows [from, from + count) of one column. */
  abstract void packZerosTransposed(int column, int from, int count);

  /** Adds the sums in a patch's columns to what the patch looks at. */
  abstract void add(int t, Patch patch, A target);

  /** Starts the sums of row {@code t} at zero. */
  public abstract void zero(int t, int width);

  /** Starts sums at numbers that {@link #store} has put away. */
  public abstract void load(int t, int at, A source, int from, int step, int count);

  /** Writes {@code target[to + i·step] = sum[t][at + i]} for i in [0, count). */
  public abstract void store(int t, int at, A target, int to, int step, int count);

  /**
   * Adds a product to the sums: {@code sum[t][j] += Σₖ left(i + t, k + l)·panel[l][j]}.
   *
   * @param rows how many rows of sums, at most {@link #ROWS}
   * @param left the left factor
   * @param i the first row taken from it
   * @param k the first column taken from it
   * @param depth how many terms
   * @param width how many columns
   */
  public abstract void multiply(int rows, Matrix<A> left, int i, int k, int depth, int width);

  /** A new array of zeros. */
  public abstract A allocate(int size);

  /** Sets {@code target[from, from + count)} to zero. */
  public abstract void erase(A target, int from, int count);

  /** Adds {@code target[i] += source[from + i]} for i in [0, count). */
  public abstract void accumulate(A target, A source, int from, int count);

  /** The size of equal pieces, none above {@code limit}, that {@code total} is cut into. */
  static int piece(int total, int limit) {
    int pieces = Math.max(1, Math.ceilDiv(total, limit));
    return Math.max(1, Math.ceilDiv(total, pieces));
  }
}
