package org.kotangent.ad;

/** A compiled loop over the elements of elementwise expressions. */
interface Loop {
  /**
   * Computes elements {@code from} (inclusive) to {@code to} (exclusive) of every result. Operands
   * and results are Java arrays. Element i is computed from element i of an operand; or, where the
   * loop was compiled so, from element {@code i + at[k]} of operand k, or from element {@code
   * at[k]} alone.
   */
  void run(Object[] in, int[] at, Object[] out, int from, int to);
}
