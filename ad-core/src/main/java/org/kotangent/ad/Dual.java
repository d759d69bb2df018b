package org.kotangent.ad;

/** A dual number x + ẋε: a primal and its tangent, of one type and shape. */
final class Dual extends Differentiated {
  private final Tensor tangent;

  Dual(Level level, Tensor primal, Tensor tangent) {
    super(level, primal);
    this.tangent = tangent;
  }

  Tensor tangent() {
    return tangent;
  }
}
