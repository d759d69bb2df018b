package org.kotangent.ops;

/**
 * The block function Threefry-2×64-20: a keyed bijection of 128-bit counters whose outputs pass for
 * random.
 *
 * <p>Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC'11),
 * §4.2; rotation distances from its table of two-word Threefry constants.
 */
final class Threefry {
  /** The key schedule's constant, which keeps the extended key from being all zeros. */
  private static final long PARITY = 0x1BD11BDAA9FC1A22L;

  private static final int INJECTIONS = 5; // one after every four of the 20 rounds

  private Threefry() {}

  /** What a block is for, the second word of its counter: random bits, a child, or a fold. */
  static final long STREAM = 0;

  static final long CHILD = 1;
  static final long FOLD = 2;

  /**
   * Writes words {@code first}, which is even, and on of a key's stream; the last pair is whole.
   */
  static void stream(long k0, long k1, long first, int n, long[] words) {
    for (var i = 0; i < n; i += 2) {
      block(k0, k1, (first + i) >>> 1, STREAM, words, i);
    }
  }

  /**
   * Enciphers the counter (c0, c1) under the key (k0, k1) and writes the two words of the result to
   * {@code out[at]} and {@code out[at + 1]}.
   */
  static void block(long k0, long k1, long c0, long c1, long[] out, int at) {
    var now = k0;
    var next = k1;
    var last = PARITY ^ k0 ^ k1;
    var x = c0 + now;
    var y = c1 + next;
    for (var s = 1; s <= INJECTIONS; s++) {
      var odd = (s & 1) == 1;
      x += y;
      y = Long.rotateLeft(y, 16) ^ x;
      x += y;
      y = Long.rotateLeft(y, odd ? 42 : 32) ^ x;
      x += y;
      y = Long.rotateLeft(y, odd ? 12 : 24) ^ x;
      x += y;
      y = Long.rotateLeft(y, odd ? 31 : 21) ^ x;
      var first = now;
      now = next;
      next = last;
      last = first;
      x += now;
      y += next + s;
    }
    out[at] = x;
    out[at + 1] = y;
  }
}
