package org.kotangent.ops;

import java.util.List;
import org.kotangent.ad.Arr;
import org.kotangent.ad.Primitive;
import org.kotangent.ad.Spec;
import org.kotangent.ad.Tensor;

/**
 * A batch of indices, each into an axis of its own, as positions in all of these axes laid end to
 * end: [*p, batch, *i] → [*p, batch, *i]. An integer result, of which nothing is differentiated.
 */
final class Positions extends Primitive {
  private final String op;
  private final int axis;
  private final int size;
  private final int batch;

  /**
   * Indices into axes of the given size.
   *
   * @param op whose message about a wrong index names {@code axis}
   * @param batch which axis of the indices is the batch
   */
  Positions(String op, int axis, int size, int batch) {
    this.op = op;
    this.axis = axis;
    this.size = size;
    this.batch = batch;
  }

  @Override
  public String name() {
    return "positions";
  }

  @Override
  public Object attributes() {
    return List.of(op, axis, size, batch);
  }

  @Override
  public boolean differentiable(int i) {
    return false;
  }

  @Override
  public Spec[] infer(Spec[] in) {
    return in.clone();
  }

  @Override
  public long flops(Spec[] in, Spec[] out) {
    return 0;
  }

  @Override
  public void kernel(Arr[] in, Arr[] out) {
    int[] positions = Indices.resolve(op, in[0], size, axis);
    int elements = in[0].shape().dim(batch);
    int each = in[0].shape().strides()[batch];
    for (int k = 0; k < positions.length; k++) {
      out[0].i32()[k] = k / each % elements * size + positions[k];
    }
  }

  @Override
  public Tensor[] batch(Tensor[] in, boolean[] batched, int count) {
    return new Tensor[] {new Positions(op, axis, size, batch + 1).apply(in)};
  }
}
