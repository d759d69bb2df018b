package org.kotangent.ad.internal;

/** {@link Arithmetic} of many numbers at a time, with all that scalar operations come down to. */
interface LaneArithmetic extends Arithmetic {
  /** The smaller; −0 is smaller than 0, and NaN if either is NaN. */
  int min(int a, int b);

  /** The larger; 0 is larger than −0, and NaN if either is NaN. */
  int max(int a, int b);

  /** √a. */
  int sqrt(int a);

  /** Whether a ≤ b. */
  int lessEqual(int a, int b);

  /** Both of two conditions. */
  int and(int a, int b);

  /** Either of two conditions. */
  int or(int a, int b);

  /** The opposite of a condition. */
  int not(int a);
}
