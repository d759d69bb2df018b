package org.kotangent.ad;

import java.util.List;
import java.util.Optional;

/** Sums along axes of numbers whose shape is known, and with it how they are walked. */
final class PlannedSum extends Planned {
  private final Primitive sum;
  private final double divisor;
  private final Reduction walk;

  private PlannedSum(Primitive sum, double divisor, Reduction walk) {
    this.sum = sum;
    this.divisor = divisor;
    this.walk = walk;
  }

  /** What an operation is in a plan: itself, unless it adds numbers. */
  static Primitive of(Graph.Operation op) {
    return Scalars.sums(op).<Primitive>flatMap(sums -> of(op, sums)).orElse(op.primitive());
  }

  private static Optional<Primitive> of(Graph.Operation op, Sums sums) {
    Shape terms = op.operands().getFirst().spec().shape();
    return terms.size() > op.results().getFirst().shape().size()
        ? Optional.of(new PlannedSum(op.primitive(), sums.divisor(), sums.walk(terms)))
        : Optional.empty();
  }

  @Override
  public String name() {
    return sum.name();
  }

  @Override
  public Object attributes() {
    return sum.attributes();
  }

  @Override
  public Spec[] infer(Spec[] in) {
    return sum.infer(in);
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    Summation.of(Numbers.of(in[0]), walk, List.of(new Summation.Total(0, out[0], divisor)));
  }

  @Override
  public long flops(Spec[] in, Spec[] out) {
    return sum.flops(in, out);
  }
}
