package org.kotangent.ops.internal;

import org.kotangent.ad.Announcing.Ready;
import org.kotangent.ad.Parallel;
import org.kotangent.ops.internal.Numbers.Purpose;

/**
 * Products of one row, or of one column, with a matrix. Where that would have to be packed they are
 * dot products of neighbouring numbers, which take the time of reading them.
 */
final class ThinProduct {
  /** A product of matrices. */
  interface General<A> {
    void multiply(int m, int n, int k, Matrix<A> a, Matrix<A> b, Matrix<A> c, Ready ready);
  }

  private ThinProduct() {}

  /** Writes c = a·b, whose rows follow each other, in the general way unless it is thin. */
  static <A> void multiply(
      int m, int n, int k, Matrix<A> a, Matrix<A> b, Matrix<A> c, Ready ready, General<A> general) {
    if (m == 1 && b.down() == 1 && b.across() > 1) {
      row(n, k, a, b, c, ready);
    } else if (n == 1 && m > 1 && c.down() == 1) {
      var row = Matrix.rowMajor(c.data(), c.offset(), m);
      multiply(1, m, k, b.transposed(), a.transposed(), row, ready, general);
    } else if (m > 0 && n > 0) {
      general.multiply(m, n, k, a, b, c, ready);
    }
  }

  private static <A> void row(int n, int k, Matrix<A> a, Matrix<A> b, Matrix<A> c, Ready ready) {
    Numbers<A> numbers = Numbers.of(c.data());
    A v = numbers.scratch(Purpose.EDGE, k);
    numbers.copy(a, Matrix.rowMajor(v, 0, k), 1, k);
    Parallel.forEach(
        n,
        Math.max(1, n / Work.pieces((long) n * k)),
        (first, last) -> numbers.products(b.transposed(), first, last, k, v, c.data(), c.offset()));
    ready.elements(c.offset(), c.offset() + n);
  }
}
