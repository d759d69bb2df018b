package org.kotangent.ops;

import java.util.List;
import org.kotangent.ad.Arr;
import org.kotangent.ad.Spec;

/**
 * The key that numbers lead to from a key, one after the other: children, or folds. i32[*, 4] →
 * i32[*, 4].
 */
final class Derive extends OfKeys {
  private final long domain;
  private final List<Long> path;

  private Derive(long domain, List<Long> path) {
    this.domain = domain;
    this.path = List.copyOf(path);
  }

  /** A child of a key. */
  static Derive child(long i) {
    return new Derive(Threefry.CHILD, List.of(i));
  }

  /** A fold of a fold of … a key. */
  static Derive fold(List<Long> path) {
    return new Derive(Threefry.FOLD, path);
  }

  @Override
  public String name() {
    return domain == Threefry.CHILD ? "split" : "fold";
  }

  @Override
  public Object attributes() {
    return path;
  }

  @Override
  public Spec[] infer(Spec[] in) {
    KeyBits.require(name(), in[0]);
    return in.clone();
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    var words = new long[2];
    for (var key = 0; key < KeyBits.count(in[0]); key++) {
      words[0] = KeyBits.word(in[0].i32(), key, 0);
      words[1] = KeyBits.word(in[0].i32(), key, 1);
      for (long counter : path) {
        Threefry.block(words[0], words[1], counter, domain, words, 0);
      }
      KeyBits.put(out[0].i32(), key, words);
    }
  }
}
