package org.kotangent.ad;

/** A compiled loop over the elements of elementwise expressions. */
interface Loop {
  /**
   * Computes rows of every result. Operands and results are Java arrays. Element i is computed from
   * element i of an operand; or, where the loop was compiled so, from element {@code i + at[k]} of
   * operand k, or from element {@code at[k]} alone. Likewise it is written to element i of result j
   * or to element {@code i + at[j]}, the results being counted on from the operands.
   *
   * @param at where operands and results are in the first row
   * @param step what is added to {@code at} from one row to the next
   * @param from the first element of the first row
   * @param length elements that are computed in each row
   * @param rows number of rows
   * @param pitch how far the beginnings of rows are apart
   */
  void run(
      Object[] in, int[] at, int[] step, Object[] out, int from, int length, int rows, int pitch);
}
