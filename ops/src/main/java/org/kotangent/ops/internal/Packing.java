package org.kotangent.ops.internal;

/** Copies vectors. */
interface Packing {
  /**
   * Copies them.
   *
   * @param count how many
   * @param from the array they are in
   * @param at where the first one is
   * @param down the distance between two of them
   * @param to the array they go to
   * @param start where the first one goes
   * @param pitch the distance between two of them there
   */
  void run(int count, Object from, int at, int down, Object to, int start, int pitch);
}
