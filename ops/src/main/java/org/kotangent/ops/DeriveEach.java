package org.kotangent.ops;

import org.kotangent.ad.Arr;
import org.kotangent.ad.Batching;
import org.kotangent.ad.DType;
import org.kotangent.ad.Primitive;
import org.kotangent.ad.Spec;
import org.kotangent.ad.Tensor;

/**
 * The keys that keys and integers of their own name: children, or folds. i32[*s, 4], i32[*s] →
 * i32[*s, 4].
 */
final class DeriveEach extends Primitive {
  static final DeriveEach CHILD = new DeriveEach(Threefry.CHILD);
  static final DeriveEach FOLD = new DeriveEach(Threefry.FOLD);

  private final long domain;

  private DeriveEach(long domain) {
    this.domain = domain;
  }

  @Override
  public String name() {
    return domain == Threefry.CHILD ? "split" : "fold";
  }

  @Override
  public boolean differentiable(int i) {
    return false;
  }

  @Override
  public Spec[] infer(Spec[] in) {
    KeyBits.require(name(), in[0]);
    if (in[1].dtype() != DType.I32) {
      throw Checks.dtype(
          name(), "numbers must be of type i32", "data: " + in[1], "convert with to(DType.I32)");
    }
    if (!in[1].shape().equals(KeyBits.axes(in[0].shape()))) {
      throw Checks.shape(
          name(),
          "there must be a number for every key",
          "keys: " + KeyBits.axes(in[0].shape()) + ", data: " + in[1].shape(),
          "make the shapes equal");
    }
    return new Spec[] {in[0]};
  }

  @Override
  public long flops(Spec[] in, Spec[] out) {
    return 0;
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    var words = new long[2];
    for (var key = 0; key < KeyBits.count(in[0]); key++) {
      var keys = in[0].i32();
      Threefry.block(
          KeyBits.word(keys, key, 0),
          KeyBits.word(keys, key, 1),
          in[1].i32()[key],
          domain,
          words,
          0);
      KeyBits.put(out[0].i32(), key, words);
    }
  }

  @Override
  public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
    return new Tensor[] {apply(Batching.expanded(in, batched, size))};
  }
}
