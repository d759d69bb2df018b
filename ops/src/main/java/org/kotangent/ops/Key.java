package org.kotangent.ops;

import java.util.List;
import java.util.stream.IntStream;
import org.kotangent.ad.DomainException;

/**
 * A splittable random key: an immutable name for an endless stream of random bits.
 *
 * <p>A key holds no position. The same key and counter give the same bits on every machine, in any
 * order and from any thread; fresh randomness comes from a fresh key, by {@link #split} or {@link
 * #fold}. Two keys with equal words are equal and name the same stream, so a key used twice repeats
 * its numbers.
 *
 * {@snippet :
 * var key = Key.of(42);
 * var keys = key.split();
 * var weights = Random.normal(keys.first(), DType.F32, 16, 6, 5, 5);
 * var order = Random.permutation(keys.second().fold(epoch), 60_000);
 * }
 *
 * <p>Streams, children and folds are outputs of one block cipher under this key at counters that
 * cannot coincide: the second counter word says which of the three is meant. A derived key has 128
 * bits: among 2³² of them, two are equal with probability 2⁻⁶⁵.
 *
 * <p>Source: Threefry-2×64-20 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy
 * as 1, 2, 3" (SC'11); splitting as in Claessen and Pałka, "Splittable pseudorandom number
 * generators using cryptographic hashing" (Haskell 2013), §3, with one cipher call per child.
 *
 * @param k0 first word of the cipher key
 * @param k1 second word of the cipher key
 */
public record Key(long k0, long k1) {
  private static final long STREAM = 0;
  private static final long CHILD = 1;
  private static final long FOLD = 2;

  /** Two independent keys. */
  public record Pair(Key first, Key second) {}

  /** Returns the key of a seed; different seeds give unrelated keys. */
  public static Key of(long seed) {
    return new Key(seed, 0);
  }

  /** Returns the first two children of this key: {@code split(2)} as a pair. */
  public Pair split() {
    return new Pair(derive(CHILD, 0), derive(CHILD, 1));
  }

  /**
   * Returns the first {@code n} children of this key, unrelated to each other and to it. Child i
   * depends on i alone: {@code split(2)} begins {@code split(5)}.
   *
   * @throws DomainException if n is negative
   */
  public List<Key> split(int n) {
    requireCount("split", n);
    return IntStream.range(0, n).mapToObj(i -> derive(CHILD, i)).toList();
  }

  /**
   * Returns the key named by this key and a number, such as an epoch, a step or an example's
   * position. Folds of different numbers are unrelated to each other and to the children.
   */
  public Key fold(long data) {
    return derive(FOLD, data);
  }

  /** Returns word {@code counter} of this key's stream: 64 random bits. Any counter is allowed. */
  public long bits(long counter) {
    var pair = new long[2];
    Threefry.block(k0, k1, counter >>> 1, STREAM, pair, 0);
    return pair[(int) (counter & 1)];
  }

  /**
   * Returns words 0, …, n − 1 of this key's stream.
   *
   * @throws DomainException if n is negative
   */
  public long[] words(int n) {
    requireCount("words", n);
    var words = new long[n];
    for (var i = 0; i + 1 < n; i += 2) {
      Threefry.block(k0, k1, i >>> 1, STREAM, words, i);
    }
    if ((n & 1) == 1) {
      words[n - 1] = bits(n - 1);
    }
    return words;
  }

  private Key derive(long domain, long counter) {
    var pair = new long[2];
    Threefry.block(k0, k1, counter, domain, pair, 0);
    return new Key(pair[0], pair[1]);
  }

  static void requireCount(String op, int n) {
    if (n < 0) {
      throw Checks.domain(op, "n must not be negative", Integer.toString(n), "use n ≥ 0");
    }
  }
}
