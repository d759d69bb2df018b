package org.kotangent.ad;

import java.util.List;

/**
 * Several elementwise operations in one loop: each result is an expression in the operands, all
 * results have the shape to which the operands broadcast.
 */
final class Fused extends Planned {
  private final DType number;
  private final List<Expr> bodies;
  private final Pointwise function;

  /** The given expressions in operands, computed in the given type. */
  Fused(DType number, List<Expr> bodies, int arity) {
    this.number = number;
    this.bodies = bodies;
    this.function = new Pointwise(bodies, arity);
  }

  @Override
  public String name() {
    return "fused";
  }

  @Override
  public Object attributes() {
    return bodies;
  }

  @Override
  public Spec[] infer(Spec[] in) {
    return function.infer(name(), number, in);
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    function.run(number, in, out);
  }

  /** What computes elements of the results. */
  Pointwise.Bound bind(Arr[] in, Arr... out) {
    return function.bind(number, in, out);
  }

  @Override
  boolean inStep(int j) {
    return true;
  }

  @Override
  public long flops(Spec[] in, Spec[] out) {
    return (long) out[0].shape().size() * Scalars.flops(bodies);
  }
}
