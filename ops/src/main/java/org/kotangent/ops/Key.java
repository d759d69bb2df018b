package org.kotangent.ops;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.kotangent.ad.Core;
import org.kotangent.ad.DTypeException;
import org.kotangent.ad.DomainException;
import org.kotangent.ad.Shape;
import org.kotangent.ad.ShapeException;
import org.kotangent.ad.Tensor;
import org.kotangent.ad.UnknownNumberException;

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
 * <p>A key is a tensor of integers, so that it can be part of the argument of a compiled function,
 * which draws other numbers for another key, and of a batched one, where {@link #batch} gives every
 * example a key of its own. Deriving and drawing are operations without derivative. While a
 * function is captured or batched its key has no bits to be read or compared, which is an error
 * that says so.
 *
 * <p>Streams, children and folds are outputs of one block cipher under this key at counters that
 * cannot coincide: the second counter word says which of the three is meant. A derived key has 128
 * bits: among 2³² of them, two are equal with probability 2⁻⁶⁵.
 *
 * <p>Source: Threefry-2×64-20 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy
 * as 1, 2, 3" (SC'11); splitting as in Claessen and Pałka, "Splittable pseudorandom number
 * generators using cryptographic hashing" (Haskell 2013), §3, with one cipher call per child.
 *
 * @param tensor the two words of the cipher key, upper halves first, I32 [4]; of several keys that
 *     are handled as one, I32 [*b, 4]
 */
public record Key(Tensor tensor) {
  /** Two independent keys. */
  public record Pair(Key first, Key second) {}

  /**
   * The key or keys of the given bits.
   *
   * @throws DTypeException when they are not of type I32
   * @throws ShapeException when the last axis is not of size 4
   */
  public Key {
    KeyBits.require("key", tensor.spec());
  }

  /** The key of two words. */
  public Key(long k0, long k1) {
    this(KeyBits.of(k0, k1));
  }

  /** Returns the key of a seed; different seeds give unrelated keys. */
  public static Key of(long seed) {
    return new Key(seed, 0);
  }

  /** Returns the first two children of this key: {@code split(2)} as a pair. */
  public Pair split() {
    return new Pair(child(0), child(1));
  }

  /**
   * Returns the first {@code n} children of this key, unrelated to each other and to it. Child i
   * depends on i alone: {@code split(2)} begins {@code split(5)}.
   *
   * @throws DomainException if n is negative
   */
  public List<Key> split(int n) {
    requireCount("split", n);
    return IntStream.range(0, n).mapToObj(this::child).toList();
  }

  /**
   * Returns the keys of {@link #split(int)} as one, for {@code vmap}: [*b, 4] → [*b, n, 4].
   *
   * @throws DomainException if n is negative
   */
  public Key batch(int n) {
    requireCount("batch", n);
    var axes = KeyBits.axes(tensor.shape());
    var rows = Core.reshape(tensor, KeyBits.keys(axes.insert(axes.rank(), 1))); // [*b, 1, 4]
    var numbers = Tensor.of(IntStream.range(0, n).toArray());
    return new Key(rows).each("batch", DeriveEach.CHILD, numbers);
  }

  /**
   * Returns the key named by this key and a number, such as an epoch, a step or an example's
   * position. Folds of different numbers are unrelated to each other and to the children.
   */
  public Key fold(long data) {
    return new Key(Derive.fold(List.of(data)).apply(tensor));
  }

  /**
   * Returns the key named by this key and an integer that an operation may have computed; a key for
   * each of several integers. Keys and integers broadcast. [*b, 4], [*d] → [*s, 4].
   *
   * @throws DTypeException when the integers are not of type I32
   * @throws ShapeException when there are several keys and another number of integers
   */
  public Key fold(Tensor data) {
    return each("fold", DeriveEach.FOLD, data);
  }

  /** Returns the key of one fold after another: {@code fold(path[0]).fold(path[1])}…. */
  public Key foldAll(long... path) {
    return path.length == 0
        ? this
        : new Key(Derive.fold(LongStream.of(path).boxed().toList()).apply(tensor));
  }

  /**
   * Returns word {@code counter} of this key's stream: 64 random bits. Any counter is allowed.
   *
   * @throws UnknownNumberException while a function of this key is captured or batched
   * @throws ShapeException when this is more than one key
   */
  public long bits(long counter) {
    var pair = pair("bits");
    Threefry.block(pair[0], pair[1], counter >>> 1, Threefry.STREAM, pair, 0);
    return pair[(int) (counter & 1)];
  }

  /**
   * Returns words 0, …, n − 1 of this key's stream.
   *
   * @throws DomainException if n is negative
   * @throws UnknownNumberException while a function of this key is captured or batched
   * @throws ShapeException when this is more than one key
   */
  public long[] words(int n) {
    return words("words", n);
  }

  /** The words that an operation asks for. */
  long[] words(String op, int n) {
    requireCount(op, n);
    var pair = pair(op);
    var words = new long[n + (n & 1)]; // whole pairs
    Threefry.stream(pair[0], pair[1], 0, n, words);
    return words.length == n ? words : Arrays.copyOf(words, n);
  }

  /**
   * Whether the other is a key of the same bits.
   *
   * @throws UnknownNumberException while a function of one of them is captured or batched
   */
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof Key key
            && tensor.shape().equals(key.tensor.shape())
            && Arrays.equals(known("equals"), key.known("equals")));
  }

  /**
   * A hash of its bits.
   *
   * @throws UnknownNumberException while a function of this key is captured or batched
   */
  @Override
  public int hashCode() {
    return Arrays.hashCode(known("hashCode"));
  }

  /** The bits as hexadecimal digits, where they are known and those of one key. */
  @Override
  public String toString() {
    try {
      return tensor.rank() == 1
          ? Arrays.stream(tensor.toInts())
              .mapToObj("%08x"::formatted)
              .collect(Collectors.joining("", "Key[", "]"))
          : "Key[" + tensor.spec() + "]";
    } catch (UnknownNumberException e) {
      return "Key[" + tensor + "]";
    }
  }

  private Key child(int i) {
    return new Key(Derive.child(i).apply(tensor));
  }

  /** The keys that these keys and as many integers lead to, both stretched to one shape. */
  private Key each(String op, DeriveEach derive, Tensor data) {
    var axes = Shape.broadcast(op, KeyBits.axes(tensor.shape()), data.shape());
    return new Key(
        derive.apply(Core.broadcastTo(tensor, KeyBits.keys(axes)), Core.broadcastTo(data, axes)));
  }

  /** The two words of a single key. */
  private long[] pair(String op) {
    if (tensor.rank() != 1) {
      throw Checks.shape(
          op,
          "needs a single key",
          "keys: " + KeyBits.axes(tensor.shape()),
          "use vmap, or draw tensors by Random");
    }
    var bits = known(op);
    return new long[] {KeyBits.word(bits, 0, 0), KeyBits.word(bits, 0, 1)};
  }

  private int[] known(String op) {
    try {
      return tensor.toInts();
    } catch (UnknownNumberException e) {
      throw Checks.unknown(
          op,
          "a key has no bits to be read while its function is captured or batched",
          toString(),
          "draw tensors by Random, or do it outside of the function");
    }
  }

  static void requireCount(String op, int n) {
    if (n < 0) {
      throw Checks.domain(op, "n must not be negative", Integer.toString(n), "use n ≥ 0");
    }
  }
}
