package org.kotangent.ops;

import java.util.stream.IntStream;
import org.kotangent.ad.Arr;
import org.kotangent.ad.DType;
import org.kotangent.ad.Shape;
import org.kotangent.ad.Spec;
import org.kotangent.ad.Tensor;

/**
 * Keys as tensors: I32 [*, 4], where the last axis holds the two 64-bit words of a cipher key,
 * upper halves first.
 */
final class KeyBits {
  /** Integers of one key. */
  static final int LENGTH = 4;

  private KeyBits() {}

  /** The key of two words. */
  static Tensor of(long k0, long k1) {
    return Tensor.of((int) (k0 >>> 32), (int) k0, (int) (k1 >>> 32), (int) k1);
  }

  /** Word {@code i}, 0 or 1, of the key at position {@code key}. */
  static long word(int[] keys, int key, int i) {
    var at = LENGTH * key + 2 * i;
    return ((long) keys[at] << 32) | (keys[at + 1] & 0xFFFFFFFFL);
  }

  /** Puts a key of two words at position {@code key}. */
  static void put(int[] keys, int key, long[] words) {
    for (var i = 0; i < 2; i++) {
      var at = LENGTH * key + 2 * i;
      keys[at] = (int) (words[i] >>> 32);
      keys[at + 1] = (int) words[i];
    }
  }

  /** How many keys there are. */
  static int count(Arr keys) {
    return keys.size() / LENGTH;
  }

  /** The axes in front of those of one key: none for a single key. */
  static Shape axes(Shape keys) {
    return keys.drop(keys.rank() - 1);
  }

  /** The shape of as many keys as a shape has elements. */
  static Shape keys(Shape axes) {
    return axes.insert(axes.rank(), LENGTH);
  }

  /** The shape of what has one shape for each key. */
  static Shape each(Shape keys, Shape shape) {
    return Shape.of(
        IntStream.concat(IntStream.of(axes(keys).toArray()), IntStream.of(shape.toArray()))
            .toArray());
  }

  static void require(String op, Spec key) {
    if (key.dtype() != DType.I32) {
      throw Checks.dtype(
          op, "the bits of a key must be of type i32", "tensor: " + key, "make keys by Key.of");
    }
    if (key.shape().rank() == 0 || key.shape().dim(-1) != LENGTH) {
      throw Checks.shape(
          op,
          "the last axis must hold the " + LENGTH + " integers of a key",
          "tensor: " + key,
          "batch keys along another axis");
    }
  }
}
