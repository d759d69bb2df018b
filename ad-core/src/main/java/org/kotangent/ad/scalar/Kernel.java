package org.kotangent.ad.scalar;

/** A rule in doubles. Operands a function does not have are ignored. */
interface Kernel {
  /** f(a, b, c). */
  double value(double a, double b, double c);

  /** The partial by operand i of y = f(a, b, c). */
  double partial(int i, double a, double b, double c, double y);
}
