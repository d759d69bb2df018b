package org.kotangent.ops;

import org.kotangent.ad.Primitive;
import org.kotangent.ad.Spec;
import org.kotangent.ad.Tensor;

/**
 * What is made from keys alone, for each of i32[*, 4] by itself: it has no derivative, and a batch
 * of keys is more keys.
 */
abstract class OfKeys extends Primitive {
  @Override
  public final boolean differentiable(int i) {
    return false;
  }

  @Override
  public long flops(Spec[] in, Spec[] out) {
    return 0;
  }

  @Override
  public final Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
    return new Tensor[] {apply(in)};
  }
}
