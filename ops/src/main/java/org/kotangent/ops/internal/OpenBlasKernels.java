package org.kotangent.ops.internal;

import org.kotangent.ad.Announcing.Ready;
import org.kotangent.ad.Parallel;
import org.kotangent.ad.internal.OpenBlas;

/**
 * Products by OpenBLAS, everything else portable. A product is cut into blocks of its result, which
 * keeps every call short and gives the threads their work.
 */
final class OpenBlasKernels implements Kernels {
  private static final int BLOCK = 256;

  private final OpenBlas library = OpenBlas.load();

  @Override
  public <A> void multiply(
      int m, int n, int k, Matrix<A> a, Matrix<A> b, Matrix<A> c, Ready ready) {
    if (!isPlain(a) || !isPlain(b) || k == 0) {
      Kernels.super.multiply(m, n, k, a, b, c, ready);
      return;
    }
    int columns = Math.ceilDiv(n, BLOCK);
    Parallel.forEach(
        Math.ceilDiv(m, BLOCK / 2) * columns,
        Gemm.grain(2L * Math.min(m, BLOCK / 2) * Math.min(n, BLOCK) * k),
        (from, to) -> {
          for (int piece = from; piece < to; piece++) {
            int i = piece / columns * (BLOCK / 2);
            int j = piece % columns * BLOCK;
            library.multiply(
                Math.min(BLOCK / 2, m - i),
                Math.min(BLOCK, n - j),
                k,
                operand(a, i, 0),
                operand(b, 0, j),
                operand(c, i, j));
          }
        });
    ready.elements(c.offset(), c.offset() + m * n);
  }

  /** Whether rows or columns are contiguous. */
  private static boolean isPlain(Matrix<?> matrix) {
    return matrix.across() == 1 || matrix.down() == 1;
  }

  private static OpenBlas.Operand operand(Matrix<?> matrix, int i, int j) {
    boolean transposed = matrix.across() != 1;
    int pitch = transposed ? matrix.across() : matrix.down();
    return new OpenBlas.Operand(matrix.data(), matrix.at(i, j), pitch, transposed);
  }
}
