package org.kotangent.ad;

/** A compiled loop over the elements of an elementwise expression. */
interface Loop {
  /**
   * Computes elements {@code from} (inclusive) to {@code to} (exclusive). Operands and result are
   * Java arrays; an operand that was declared single is read at 0 for every element.
   */
  void run(Object[] in, Object out, int from, int to);
}
