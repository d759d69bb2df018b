package org.kotangent.ad;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What batching rules have in common. */
public final class Batching {
  private Batching() {}

  /** One element of the batch after another. */
  static Tensor[] loop(Primitive primitive, Tensor[] in, boolean[] batched, int size) {
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

  /** The operand with the batch as axis 0, repeated if it is the same throughout. */
  public static Tensor expanded(Tensor x, boolean batched, int size) {
    return batched ? x : Core.broadcastTo(x, x.shape().insert(0, size));
  }

  /** All operands with the batch as axis 0. */
  public static Tensor[] expanded(Tensor[] in, boolean[] batched, int size) {
    Tensor[] out = new Tensor[in.length];
    for (int i = 0; i < in.length; i++) {
      out[i] = expanded(in[i], batched[i], size);
    }
    return out;
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

  /** The batch made part of an axis of its elements: [batch, *p, n, *q] → [*p, batch·n, *q]. */
  public static Tensor folded(Tensor x, int axis) {
    return folded(x, axis, 1);
  }

  /**
   * The batch made part of an axis of its elements that consists of several parts, inside of these:
   * [batch, *p, parts·n, *q] → [*p, parts·batch·n, *q].
   */
  public static Tensor folded(Tensor x, int axis, int parts) {
    int size = x.dim(0);
    Shape each = x.shape().drop(0);
    int outer = outer(each, axis, parts);
    Tensor inside =
        outer == 1 ? x : swapped(Core.reshape(x, Shape.of(size, outer, inner(each, axis, parts))));
    return Core.reshape(inside, each.with(axis, size * each.dim(axis)));
  }

  /** The inverse of {@link #folded(Tensor, int)}, for a batch of at least one. */
  public static Tensor unfolded(Tensor y, int axis, int size) {
    return unfolded(y, axis, 1, size);
  }

  /** The inverse of {@link #folded(Tensor, int, int)}, for a batch of at least one. */
  public static Tensor unfolded(Tensor y, int axis, int parts, int size) {
    Shape each = y.shape().with(axis, y.dim(axis) / size);
    int outer = outer(each, axis, parts);
    Tensor inFront =
        outer == 1 ? y : swapped(Core.reshape(y, Shape.of(outer, size, inner(each, axis, parts))));
    return Core.reshape(inFront, each.insert(0, size));
  }

  /** Elements of the axes before the given one, of which each part counts. */
  private static int outer(Shape each, int axis, int parts) {
    return parts * IntStream.range(0, axis).map(each::dim).reduce(1, (m, n) -> m * n);
  }

  /** Elements of one part of the given axis and of those behind it. */
  private static int inner(Shape each, int axis, int parts) {
    return IntStream.range(axis, each.rank()).map(each::dim).reduce(1, (m, n) -> m * n) / parts;
  }

  /** The axes as seen behind a batch axis. */
  public static int[] behind(int... axes) {
    return Arrays.stream(axes).map(a -> a + 1).toArray();
  }
}
