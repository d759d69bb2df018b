package org.kotangent.ad;

/**
 * An operation that occurs in plans only, which are made from functions that have been
 * differentiated and batched before.
 */
abstract class Planned extends Primitive {
  @Override
  public final boolean differentiable(int i) {
    return false;
  }

  @Override
  public final Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
    throw new IllegalStateException(this + " occurs in plans only");
  }
}
