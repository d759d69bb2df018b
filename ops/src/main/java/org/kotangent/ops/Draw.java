package org.kotangent.ops;

import org.kotangent.ad.Arr;
import org.kotangent.ad.Parallel;
import org.kotangent.ad.Shape;
import org.kotangent.ad.Spec;

/** Random numbers of one shape for every key: i32[*b, 4] → [*b, *shape]. */
final class Draw extends OfKeys {
  /** Numbers for one thread, an even number. */
  private static final int GRAIN = 1 << 12;

  /** Words that are made at a time, an even number. */
  private static final int WORDS = 1 << 8;

  private record Attributes(Distribution distribution, Shape shape) {
    @Override
    public String toString() {
      return distribution + ", " + shape;
    }
  }

  private final Attributes attributes;

  Draw(Distribution distribution, Shape shape) {
    this.attributes = new Attributes(distribution, shape);
  }

  @Override
  public String name() {
    return attributes.distribution.name();
  }

  @Override
  public Object attributes() {
    return attributes;
  }

  @Override
  public Spec[] infer(Spec[] in) {
    KeyBits.require(name(), in[0]);
    return new Spec[] {
      new Spec(attributes.distribution.dtype(), KeyBits.each(in[0].shape(), attributes.shape))
    };
  }

  /** A function of words for each number. */
  @Override
  public long flops(Spec[] in, Spec[] out) {
    return out[0].shape().size();
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    var n = attributes.shape.size();
    var parts = Math.ceilDiv(n, GRAIN);
    var keys = in[0].i32();
    Parallel.forEach(
        KeyBits.count(in[0]) * parts,
        Math.max(1, GRAIN / Math.max(1, n)),
        (from, to) -> {
          var words = new long[WORDS];
          for (var t = from; t < to; t++) {
            var key = t / parts;
            var first = t % parts * GRAIN;
            draw(keys, key, first, Math.min(n, first + GRAIN), words, out[0]);
          }
        });
  }

  /** Numbers {@code from} to {@code to} of those of one key. */
  private void draw(int[] keys, int key, int from, int to, long[] words, Arr out) {
    var k0 = KeyBits.word(keys, key, 0);
    var k1 = KeyBits.word(keys, key, 1);
    var row = key * attributes.shape.size();
    for (var i = from; i < to; i += WORDS) {
      var count = Math.min(WORDS, to - i);
      Threefry.stream(k0, k1, i, count, words);
      attributes.distribution.put(words, count, out, row + i);
    }
  }
}
