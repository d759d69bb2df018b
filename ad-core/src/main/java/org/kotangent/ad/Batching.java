package org.kotangent.ad;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What batching rules have in common. */
public final class Batching {
  private Batching() {}

  /** One element of the batch after another. */
  static Tensor[] loop(Primitive primitive, Tensor[] in, boolean[] batched, int size) {
    if (size == 0) {
      return nothing(primitive, in, batched);
    }
    List<List<Tensor>> elements = new ArrayList<>();
    for (int i = 0; i < in.length; i++) {
      elements.add(batched[i] ? Core.unstack(in[i]) : List.of());
    }
    List<List<Tensor>> results = new ArrayList<>();
    for (int k = 0; k < size; k++) {
      Tensor[] operands = in.clone();
      for (int i = 0; i < in.length; i++) {
        operands[i] = batched[i] ? elements.get(i).get(k) : in[i];
      }
      results.add(primitive.applyAll(operands));
    }
    Tensor[] out = new Tensor[results.getFirst().size()];
    for (int j = 0; j < out.length; j++) {
      int result = j;
      out[j] = Core.stack(results.stream().map(r -> r.get(result)).toList());
    }
    return out;
  }

  private static Tensor[] nothing(Primitive primitive, Tensor[] in, boolean[] batched) {
    Spec[] each = new Spec[in.length];
    for (int i = 0; i < in.length; i++) {
      Spec spec = in[i].spec();
      each[i] = batched[i] ? spec.withShape(spec.shape().drop(0)) : spec;
    }
    return Arrays.stream(primitive.infer(each))
        .map(s -> Tensor.zeros(s.withShape(s.shape().insert(0, 0))))
        .toArray(Tensor[]::new);
  }

  /** The operand with the batch as axis 0, repeated if it is the same throughout. */
  public static Tensor expanded(Tensor x, boolean batched, int size) {
    return batched ? x : Core.broadcastTo(x, x.shape().insert(0, size));
  }

  /**
   * Operands of an operation that broadcasts, brought to one number of axes behind the batch, so
   * that the operation can be applied to them as they are. [batch, 3] beside an unbatched [2, 3]
   * becomes [batch, 1, 3].
   */
  public static Tensor[] aligned(Tensor[] in, boolean[] batched) {
    int rank = 0;
    for (int i = 0; i < in.length; i++) {
      rank = Math.max(rank, in[i].rank() - (batched[i] ? 1 : 0));
    }
    Tensor[] out = in.clone();
    for (int i = 0; i < in.length; i++) {
      if (batched[i]) {
        out[i] = padded(in[i], rank + 1);
      }
    }
    return out;
  }

  /** [batch, d…] → [batch, 1, …, 1, d…] of the given rank. */
  static Tensor padded(Tensor x, int rank) {
    Shape shape = x.shape();
    while (shape.rank() < rank) {
      shape = shape.insert(1, 1);
    }
    return Core.reshape(x, shape);
  }

  /** x with its first two axes exchanged. [m, n, *s] → [n, m, *s]. */
  public static Tensor swapped(Tensor x) {
    return moved(x, 0, 1);
  }

  /** x with one axis moved to another place, the rest in order. */
  public static Tensor moved(Tensor x, int from, int to) {
    int[] order = new int[x.rank()];
    for (int axis = 0; axis < order.length; axis++) {
      int other = axis < to ? axis : axis - 1;
      order[axis] = axis == to ? from : (other < from ? other : other + 1);
    }
    return Core.transpose(x, order);
  }

  /** The axes as seen behind a batch axis. */
  public static int[] behind(int... axes) {
    return Arrays.stream(axes).map(a -> a + 1).toArray();
  }
}
