package org.kotangent.ad;

import org.jspecify.annotations.Nullable;

/**
 * Something that looks on while a function is run or differentiated. It sees inside of checkpoints.
 */
interface Probe {
  /** An operation was applied to values of a level; {@code out} are its results there. */
  default void applied(Primitive primitive, Tensor[] in, Tensor[] out) {}

  /** An operation was recorded. */
  default void recorded(Node node, Primitive primitive, Tensor[] in) {}

  /** A recorded operation was pulled back: cotangents of its results and of its operands. */
  default void pulled(Node node, @Nullable Tensor[] gy, @Nullable Tensor[] gx) {}
}
