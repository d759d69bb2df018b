package org.kotangent.ops;

import java.util.List;
import org.kotangent.ad.Batching;
import org.kotangent.ad.Core;
import org.kotangent.ad.Primitive;
import org.kotangent.ad.Shape;
import org.kotangent.ad.Tensor;

/** An operation of one operand along axes, ascending and counted from 0; all of a scalar's none. */
abstract class AlongAxes extends Primitive {
  final int[] axes;

  AlongAxes(int[] axes) {
    this.axes = axes;
  }

  /** The same operation along other axes. */
  abstract AlongAxes with(int[] other);

  @Override
  public final List<Integer> attributes() {
    return Axes.attributes(axes);
  }

  @Override
  public final Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
    if (axes.length > 0) {
      return new Tensor[] {with(Batching.behind(axes)).apply(in)};
    }
    // No axes would mean all of them in the rules: a scalar is given one.
    Tensor y = with(new int[] {1}).apply(Core.reshape(in[0], Shape.of(size, 1)));
    return new Tensor[] {Core.reshape(y, Shape.of(size))};
  }
}
