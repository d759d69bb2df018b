package org.kotangent.ad;

import java.util.List;

/**
 * Sums along axes, which are kept with size 1: Σx / divisor, added in double and rounded once.
 *
 * @param axes ascending, counted from 0
 * @param divisor 1 for a sum, the number of terms for a mean
 */
public record Sums(List<Integer> axes, double divisor) {
  /** Copies the list. */
  public Sums {
    axes = List.copyOf(axes);
  }

  /** Writes the sums of x; those of nothing are 0 / divisor. */
  public void of(Arr x, Arr y) {
    if (x.size() == 0) {
      y.fill(0, y.size(), 0 / divisor);
    } else {
      Summation.of(Numbers.of(x), walk(x.shape()), List.of(new Summation.Total(0, y, divisor)));
    }
  }

  /** How the sums of an array of the given shape are walked. */
  Reduction walk(Shape shape) {
    return Reduction.over(shape, array());
  }

  /** The shape of the sums. */
  Shape kept(Shape shape) {
    return Reduction.kept(shape, array());
  }

  private int[] array() {
    return axes.stream().mapToInt(i -> i).toArray();
  }

  @Override
  public String toString() {
    return (divisor == 1 ? "sum" : "mean") + axes;
  }
}
