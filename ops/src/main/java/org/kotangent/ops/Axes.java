package org.kotangent.ops;

import java.util.Arrays;
import java.util.List;
import org.kotangent.ad.Core;
import org.kotangent.ad.Reduction;
import org.kotangent.ad.Shape;
import org.kotangent.ad.ShapeException;
import org.kotangent.ad.Tensor;

/**
 * Which axes a reduction runs over, and whether they remain with size 1 or go: {@code mean(x,
 * Axes.keep(1))} of [a, b, c] is [a, 1, c] and broadcasts with x again, {@code mean(x, 1)}, which
 * is short for {@code mean(x, Axes.drop(1))}, is [a, c].
 */
public final class Axes {
  private final int[] axes;
  private final boolean keep;

  private Axes(int[] axes, boolean keep) {
    this.axes = axes.clone();
    this.keep = keep;
  }

  /** The given axes, or all when none is given, which go; negative ones count from the end. */
  public static Axes drop(int... axes) {
    return new Axes(axes, false);
  }

  /** The given axes, or all when none is given, which remain with size 1. */
  public static Axes keep(int... axes) {
    return new Axes(axes, true);
  }

  /**
   * The axes of a shape counted from the front, ascending.
   *
   * @throws ShapeException when one does not exist or is named twice
   */
  int[] of(Shape shape) {
    return shape.axes(axes);
  }

  /** How many numbers of x each result is made of. */
  int count(Tensor x) {
    return Arrays.stream(of(x.shape())).map(x::dim).reduce(1, (a, b) -> a * b);
  }

  /** A result that was computed with the axes of {@code x} kept, in its final shape. */
  Tensor finish(Tensor kept, Tensor x) {
    return keep ? kept : Core.reshape(kept, Reduction.dropped(x.shape(), of(x.shape())));
  }

  /** The axes in a form that compares by value. */
  static List<Integer> attributes(int[] axes) {
    return Arrays.stream(axes).boxed().toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Axes that && keep == that.keep && Arrays.equals(axes, that.axes);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(axes) + Boolean.hashCode(keep);
  }

  @Override
  public String toString() {
    return (keep ? "keep " : "drop ") + Arrays.toString(axes);
  }
}
