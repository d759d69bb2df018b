package org.kotangent.ad;

import java.util.Arrays;

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
    if (primitive instanceof Composite) {
      Tensor[] y = primitive.batch(values, batched, size);
      requireBelow(primitive, y);
      return batched(y);
    }
    Spec[] each = primitive.infer(Arrays.stream(in).map(Tensor::spec).toArray(Spec[]::new));
    Tensor[] y = size == 0 ? nothing(each) : primitive.batch(values, batched, size);
    check(primitive, each, y);
    return batched(y);
  }

  private Tensor[] batched(Tensor[] y) {
    return Arrays.stream(y).map(this::batched).toArray(Tensor[]::new);
  }

  /** Results of a batch without elements, of which no rule needs to know. */
  private static Tensor[] nothing(Spec[] each) {
    return Arrays.stream(each)
        .map(s -> Tensor.zeros(s.withShape(s.shape().insert(0, 0))))
        .toArray(Tensor[]::new);
  }

  private void check(Primitive primitive, Spec[] each, Tensor[] y) {
    for (int j = 0; j < y.length; j++) {
      Spec all = each[j].withShape(each[j].shape().insert(0, size));
      if (!y[j].spec().equals(all)) {
        throw Checks.shape(
            primitive.name() + ".batch",
            "a batched result must have the batch as axis 0 of the result",
            "result: " + y[j].spec() + ", expected: " + all,
            "correct the batching rule of the primitive");
      }
    }
  }
}
