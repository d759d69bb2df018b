package org.kotangent.ad;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A loop over vectors of elements, and the same one by one for what is left over.
 *
 * <p>Until the JIT compiler has optimised it, a loop over vectors is a hundred times slower than
 * one over elements. It is generated only for what has run for a while, and then the two take turns
 * and each gets about the same time: no call takes much more than twice as long as it has to. The
 * compiler goes by the number of calls, so most calls of the loop over vectors are for no rows at
 * all. Which loop computes an element makes no difference to its bits.
 */
final class VectorLoop implements Loop {
  /**
   * The loop over vectors.
   *
   * @param lanes elements in a vector
   * @param operations operations on each vector, loads and stores included
   */
  record Vectors(Loop loop, int lanes, int operations) {}

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

  private final Loop single;
  private final Supplier<Vectors> generator;

  // Threads may overwrite each other's values; what is lost is a bit of time.
  private @Nullable Vectors vectors;
  private boolean compiled;
  private long ahead = START;

  /** Runs {@code single} and, when it is worth it, the vectors that are generated then. */
  VectorLoop(Loop single, Supplier<Vectors> generator) {
    this.single = single;
    this.generator = generator;
  }

  @Override
  public void run(
      Object[] in, int[] at, int[] step, Object[] out, int from, int length, int rows, int pitch) {
    Vectors v = vectors;
    if (v == null) {
      long before = System.nanoTime();
      single.run(in, at, step, out, from, length, rows, pitch);
      ahead -= System.nanoTime() - before;
      if (ahead <= 0) {
        vectors = generator.get();
      }
      return;
    }
    int even = length - length % v.lanes();
    if (compiled) {
      if (even > 0) {
        v.loop().run(in, at, step, out, from, even, rows, pitch);
      }
    } else {
      int[] place = at.clone();
      for (int r = 0; r < rows; r++) {
        takeTurns(v, in, place, step, out, from + r * pitch, even);
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
  private void takeTurns(
      Vectors v, Object[] in, int[] at, int[] step, Object[] out, int from, int length) {
    int start = from;
    for (int left = length; left > 0; ) {
      boolean byVectors = compiled || ahead <= 0;
      int some = Math.min(left, compiled ? length : byVectors ? TURN * v.lanes() : ELEMENTS);
      long before = System.nanoTime();
      (byVectors ? v.loop() : single).run(in, at, step, out, start, some, 1, 0);
      long time = System.nanoTime() - before;
      if (byVectors) {
        compiled |= time < (long) some / v.lanes() * v.operations() * SLOW + CALL;
        train(v.loop(), in, at, step, out, before + 2 * time);
        ahead += Math.min(System.nanoTime() - before, MOST);
      } else {
        ahead -= time;
      }
      start += some;
      left -= some;
    }
  }

  /** Calls the loop over vectors for nothing until the clock shows the given time. */
  private void train(Loop loop, Object[] in, int[] at, int[] step, Object[] out, long until) {
    for (int k = 0; k < IDLE && !compiled && System.nanoTime() - until < 0; k++) {
      loop.run(in, at, step, out, 0, 0, 0, 0);
    }
  }
}
