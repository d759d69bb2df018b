package org.kotangent.ad;

/**
 * A loop over vectors of elements, and the same one by one for what is left over.
 *
 * <p>Until the JIT compiler has optimised it, a loop over vectors is a hundred times slower than
 * one over elements. So at first the two take turns and each gets about the same time: no call
 * takes much more than twice as long as it has to. The compiler goes by the number of calls, so
 * most calls of the loop over vectors are for no rows at all. Which loop computes an element makes
 * no difference to its bits.
 */
final class VectorLoop implements Loop {
  /** Vectors in a turn. */
  private static final int TURN = 8;

  /** Elements in a turn of the other loop. */
  private static final int ELEMENTS = 1024;

  /** Calls for nothing in a turn: some 5,000 calls make C2 compile. */
  private static final int IDLE = 31;

  /** Nanoseconds that compiled code stays below and other code does not, for each operation. */
  private static final int SLOW = 6;

  /** Nanoseconds to allow for a call and for taking the time. */
  private static final int CALL = 200;

  /** Nanoseconds of a turn that count at most: the first one loads classes. */
  private static final long MOST = 20_000_000;

  /** Nanoseconds that the other loop gets first, so that what runs once needs no vectors. */
  private static final long START = 100_000;

  private final Loop vectors;
  private final Loop single;
  private final int lanes;
  private final long operations;

  // Threads may overwrite each other's values; what is lost is a bit of time.
  private boolean compiled;
  private long ahead = START;

  /**
   * Takes turns.
   *
   * @param lanes elements in a vector
   * @param operations operations on each vector, loads and stores included
   */
  VectorLoop(Loop vectors, Loop single, int lanes, int operations) {
    this.vectors = vectors;
    this.single = single;
    this.lanes = lanes;
    this.operations = operations;
  }

  @Override
  public void run(
      Object[] in, int[] at, int[] step, Object[] out, int from, int length, int rows, int pitch) {
    int even = length - length % lanes;
    if (compiled) {
      if (even > 0) {
        vectors.run(in, at, step, out, from, even, rows, pitch);
      }
    } else {
      int[] place = at.clone();
      for (int r = 0; r < rows; r++) {
        takeTurns(in, place, step, out, from + r * pitch, even);
        for (int k = 0; k < place.length; k++) {
          place[k] += step[k];
        }
      }
    }
    if (even < length) {
      single.run(in, at, step, out, from + even, length - even, rows, pitch);
    }
  }

  /** Computes the elements of a row. */
  private void takeTurns(Object[] in, int[] at, int[] step, Object[] out, int from, int length) {
    int start = from;
    for (int left = length; left > 0; ) {
      boolean byVectors = compiled || ahead <= 0;
      int some = Math.min(left, compiled ? length : byVectors ? TURN * lanes : ELEMENTS);
      long before = System.nanoTime();
      (byVectors ? vectors : single).run(in, at, step, out, start, some, 1, 0);
      long time = System.nanoTime() - before;
      if (byVectors) {
        compiled |= time < some / lanes * operations * SLOW + CALL;
        train(in, at, step, out, before + 2 * time);
        ahead += Math.min(System.nanoTime() - before, MOST);
      } else {
        ahead -= time;
      }
      start += some;
      left -= some;
    }
  }

  /** Calls the loop over vectors for nothing until the clock shows the given time. */
  private void train(Object[] in, int[] at, int[] step, Object[] out, long until) {
    for (int k = 0; k < IDLE && !compiled && System.nanoTime() - until < 0; k++) {
      vectors.run(in, at, step, out, 0, 0, 0, 0);
    }
  }
}
