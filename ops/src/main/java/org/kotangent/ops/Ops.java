package org.kotangent.ops;

import org.kotangent.ad.DType;

/** The operations on differentiable values. */
public final class Ops {
  private Ops() {}

  /** The element type that an operation on plain numbers takes. */
  public static DType defaultType() {
    return DType.F32;
  }
}
