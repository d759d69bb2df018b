package org.kotangent.ad;

/** A value inside of an operation that a tape has recorded as one. */
final class Below extends Differentiated {
  Below(BelowLevel level, Tensor value) {
    super(level, value);
  }
}
