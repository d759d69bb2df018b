package org.kotangent.ad;

import java.util.Arrays;
import java.util.List;

/** Applies each primitive to all values of a batch at once, by its batching rule. */
final class BatchLevel extends Level {
  private final int size;

  BatchLevel(int size) {
    super("vmap");
    this.size = size;
  }

  /** Values of which each has its number along axis 0. */
  Tensor batched(Tensor values) {
    return new Batched(this, values);
  }

  /** The values of a result along axis 0; one that is the same throughout is repeated. */
  Tensor values(Tensor t) {
    return t instanceof Batched batched && batched.level() == this
        ? batched.values()
        : Core.broadcastTo(t, t.shape().insert(0, size));
  }

  @Override
  Tensor[] apply(Primitive primitive, Tensor[] in) {
    Tensor[] values = in.clone();
    boolean[] batched = new boolean[in.length];
    for (int i = 0; i < in.length; i++) {
      if (in[i] instanceof Batched b && b.level() == this) {
        values[i] = b.values();
        batched[i] = true;
      }
    }
    Spec[] each = primitive.infer(Arrays.stream(in).map(Tensor::spec).toArray(Spec[]::new));
    Tensor[] y = primitive.batch(values, batched, size);
    requireBelow(primitive, List.of(y));
    for (int j = 0; j < y.length; j++) {
      y[j] = batched(checked(primitive, each[j], y[j]));
    }
    return y;
  }

  private Tensor checked(Primitive primitive, Spec each, Tensor y) {
    Spec all = each.withShape(each.shape().insert(0, size));
    if (!y.spec().equals(all)) {
      throw Checks.shape(
          primitive.name() + ".batch",
          "a batched result must have the batch as axis 0 of the result",
          "result: " + y.spec() + ", expected: " + all,
          "correct the batching rule of the primitive");
    }
    return y;
  }
}
