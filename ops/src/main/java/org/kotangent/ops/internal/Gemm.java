package org.kotangent.ops.internal;

import org.kotangent.ad.Parallel;

/**
 * The matrix product of strided matrices, the one entry point of everything that multiplies.
 *
 * <p>The right factor is packed panel by panel ({@link Panel}) and the product computed three rows
 * at a time. Every element of the result sums its k terms in their order, so neither the cut into
 * pieces nor the number of threads changes a bit. Where the result is tall and narrow its transpose
 * is computed instead, for the same reason without any effect on its numbers.
 */
public final class Gemm {
  /** Multiplications and additions that make a piece of work worth handing to another thread. */
  private static final long WORK = 1_000_000;

  private static final int NARROW = 64;
  private static final int LEAST_ROWS = 8 * Panel.ROWS;

  private Gemm() {}

  /**
   * Writes c = a·b, large products with the help of other threads.
   *
   * @param m rows of a and c
   * @param n columns of b and c
   * @param k columns of a and rows of b; 0 gives zeros
   */
  public static <A> void multiply(int m, int n, int k, Matrix<A> a, Matrix<A> b, Matrix<A> c) {
    if (isNarrow(m, n)) {
      multiply(n, m, k, b.transposed(), a.transposed(), c.transposed());
      return;
    }
    if (m == 0 || n == 0) {
      return;
    }
    int width = Panel.piece(n, Panel.WIDTH);
    int panels = Math.ceilDiv(n, width);
    int rows = Math.max(LEAST_ROWS, grain(2L * width * k));
    int bands = Math.ceilDiv(m, rows);
    Parallel.forEach(
        panels * bands,
        grain(2L * Math.min(rows, m) * width * k),
        (from, to) -> {
          Panel<A> panel = Panel.forArray(c.data());
          for (int piece = from; piece < to; piece++) {
            int i = piece / panels * rows;
            int j = piece % panels * width;
            int height = Math.min(rows, m - i);
            block(panel, i, height, j, Math.min(width, n - j), k, a, b, c);
          }
        });
  }

  /** How many pieces of the given work make one that is worth handing to another thread. */
  public static int grain(long workOfPiece) {
    return Math.toIntExact(Math.ceilDiv(WORK, Math.max(1, workOfPiece)));
  }

  private static boolean isNarrow(int m, int n) {
    return n < NARROW && n < m;
  }

  /** Computes rows [i, i + height) and columns [j, j + width) of the product. */
  private static <A> void block(
      Panel<A> panel,
      int i,
      int height,
      int j,
      int width,
      int k,
      Matrix<A> a,
      Matrix<A> b,
      Matrix<A> c) {
    int done = 0;
    do {
      int depth = Math.min(Panel.DEPTH, k - done);
      for (int l = 0; l < depth; l++) {
        panel.pack(l, 0, b.data(), b.at(done + l, j), b.across(), width);
      }
      for (int row = i; row < i + height; row += Panel.ROWS) {
        int rows = Math.min(Panel.ROWS, i + height - row);
        for (int t = 0; t < rows; t++) {
          if (done == 0) {
            panel.zero(t, width);
          } else {
            panel.load(t, 0, c.data(), c.at(row + t, j), c.across(), width);
          }
        }
        panel.multiply(rows, a, row, done, depth, width);
        for (int t = 0; t < rows; t++) {
          panel.store(t, 0, c.data(), c.at(row + t, j), c.across(), width);
        }
      }
      done += depth;
    } while (done < k);
  }
}
