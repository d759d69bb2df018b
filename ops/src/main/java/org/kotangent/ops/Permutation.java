package org.kotangent.ops;

import org.kotangent.ad.Arr;
import org.kotangent.ad.DType;
import org.kotangent.ad.Parallel;
import org.kotangent.ad.Shape;
import org.kotangent.ad.Spec;

/** The numbers below n in an order for every key: i32[*b, 4] → i32[*b, n]. */
final class Permutation extends OfKeys {
  private static final int GRAIN = 1 << 12;

  private final int n;

  Permutation(int n) {
    this.n = n;
  }

  @Override
  public String name() {
    return "permutation";
  }

  @Override
  public Object attributes() {
    return n;
  }

  @Override
  public Spec[] infer(Spec[] in) {
    KeyBits.require(name(), in[0]);
    return new Spec[] {new Spec(DType.I32, KeyBits.each(in[0].shape(), Shape.of(n)))};
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    var keys = in[0].i32();
    Parallel.forEach(
        KeyBits.count(in[0]),
        Math.max(1, GRAIN / Math.max(1, n)),
        (from, to) -> {
          var words = new long[n + (n & 1)];
          for (var key = from; key < to; key++) {
            Threefry.stream(KeyBits.word(keys, key, 0), KeyBits.word(keys, key, 1), 0, n, words);
            shuffle(words, n, out[0].i32(), key * n);
          }
        });
  }

  /** Writes the numbers below n from {@code at} on, in an order made of as many words. */
  static void shuffle(long[] words, int n, int[] order, int at) {
    for (var i = 0; i < n; i++) {
      order[at + i] = i;
    }
    for (var i = n - 1; i > 0; i--) {
      var j = (int) Math.unsignedMultiplyHigh(words[i], i + 1L);
      var swapped = order[at + i];
      order[at + i] = order[at + j];
      order[at + j] = swapped;
    }
  }
}
