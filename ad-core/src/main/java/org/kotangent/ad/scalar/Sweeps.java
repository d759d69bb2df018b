package org.kotangent.ad.scalar;

/** The ways through a program. All arrays have its places. */
interface Sweeps {
  /** Computes the values from those of the arguments. */
  void forward(double[] v);

  /** Computes the tangents at the given values from those of the arguments. */
  void tangent(double[] v, double[] t);

  /** Adds to adjoints what those of later places at the given values amount to. */
  void reverse(double[] v, double[] adjoint);
}
