package org.kotangent.ad.internal;

import org.kotangent.ad.DType;

/**
 * What formulas are written in: operations on floating-point numbers, on their bits and on
 * conditions, each rounded once. A value is a local variable of the code being generated, given by
 * its number. There are two: one number at a time, and as many as fit into a vector. A formula
 * written once is both, so that an element gets the same bits from either.
 */
interface Arithmetic {
  /** The type of the numbers. */
  DType type();

  /** A number rounded to the type. */
  int number(double value);

  /** a + b. */
  int add(int a, int b);

  /** a − b. */
  int sub(int a, int b);

  /** a · b. */
  int mul(int a, int b);

  /** a / b. */
  int div(int a, int b);

  /** a · b + c. */
  int fma(int a, int b, int c);

  /** −a. */
  int neg(int a);

  /** |a|. */
  int abs(int a);

  /** Whether a &lt; b. */
  int less(int a, int b);

  /** Whether a = b. */
  int equal(int a, int b);

  /** {@code yes} where the condition holds, else {@code no}. */
  int select(int condition, int yes, int no);

  /** |a| with the sign of b. */
  int copySign(int a, int b);

  /** The bits of a number, as an integer of its width. */
  int bits(int a);

  /** The number with the given bits. */
  int ofBits(int bits);

  /** Sum of bits and an integer. */
  int plusBits(int bits, long addend);

  /** Difference of bits. */
  int minusBits(int a, int b);

  /** Bits moved towards the higher ones. */
  int shiftLeft(int bits, int by);

  /** Bits moved towards the lower ones, with zeros behind them. */
  int shiftRight(int bits, int by);
}
