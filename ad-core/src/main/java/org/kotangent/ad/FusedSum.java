package org.kotangent.ad;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Elementwise operations in one loop, like {@link Fused}, with sums of what they compute over the
 * same axes: while a block of numbers is in the cache, it is added. Numbers that only the sums need
 * are not stored. Results are the stored numbers, then the sums.
 */
final class FusedSum extends Planned {
  /** Sums of an expression. */
  record Total(Sums sums, Expr body) {}

  private final DType number;
  private final Shape shape;
  private final List<Expr> stored;
  private final List<Total> totals;
  private final List<Expr> bodies;
  private final int[] added;
  private final Reduction walk;
  private final Pointwise function;

  /** The given expressions in operands that broadcast to a shape, computed in the given type. */
  FusedSum(DType number, Shape shape, List<Expr> stored, List<Total> totals, int arity) {
    this.number = number;
    this.shape = shape;
    this.stored = stored;
    this.totals = totals;
    this.walk = totals.getFirst().sums().walk(shape);
    this.bodies = new ArrayList<>();
    totals.stream()
        .map(Total::body)
        .filter(body -> !stored.contains(body) && !bodies.contains(body))
        .forEach(bodies::add);
    bodies.addAll(stored);
    this.added = totals.stream().mapToInt(t -> bodies.indexOf(t.body())).toArray();
    this.function = new Pointwise(bodies, arity);
  }

  @Override
  public String name() {
    return "fused";
  }

  @Override
  public Object attributes() {
    return Stream.concat(stored.stream(), totals.stream().map(this::text)).toList();
  }

  private String text(Total total) {
    int j = stored.indexOf(total.body());
    return total.sums() + "(" + (j < 0 ? total.body() : "y" + j) + ")";
  }

  @Override
  Object identity() {
    return List.of(stored, totals, shape);
  }

  @Override
  public Spec[] infer(Spec[] in) {
    Spec[] computed = function.infer(name(), number, in);
    Spec[] results = Arrays.copyOfRange(computed, loose(), loose() + stored.size() + totals.size());
    for (int k = 0; k < added.length; k++) {
      Shape kept = totals.get(k).sums().kept(shape);
      results[stored.size() + k] = computed[added[k]].withShape(kept);
    }
    return results;
  }

  private int loose() {
    return bodies.size() - stored.size();
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    if (shape.size() == 0) {
      for (int k = 0; k < added.length; k++) {
        Arr y = out[stored.size() + k];
        y.fill(0, y.size(), 0 / totals.get(k).sums().divisor());
      }
      return;
    }
    Arr[] kept = Arrays.copyOf(out, stored.size());
    List<Summation.Total> sums = new ArrayList<>();
    for (int k = 0; k < added.length; k++) {
      Arr y = out[kept.length + k];
      sums.add(new Summation.Total(added[k], y, totals.get(k).sums().divisor()));
    }
    Summation.of(new Computed(function, number, shape, in, loose(), kept), walk, sums);
  }

  @Override
  boolean inStep(int j) {
    return j < stored.size();
  }

  @Override
  public long flops(Spec[] in, Spec[] out) {
    long flops = (long) shape.size() * (Scalars.flops(bodies) + added.length);
    for (Total total : totals) {
      flops += total.sums().divisor() == 1 ? 0 : total.sums().kept(shape).size();
    }
    return flops;
  }
}
