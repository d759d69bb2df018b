package org.kotangent.ad;

import org.jspecify.annotations.Nullable;

/**
 * Reverse mode, recording half: runs each primitive one level down and keeps a node per active
 * result.
 */
final class TapeLevel extends Level {
  private final @Nullable Probe probe;

  TapeLevel(String transformation) {
    this(transformation, null);
  }

  /** A level of which the probe, if there is one, sees what is recorded and pulled back. */
  TapeLevel(String transformation, @Nullable Probe probe) {
    super(transformation);
    this.probe = probe;
  }

  @Nullable Probe probe() {
    return probe;
  }

  /** A value to differentiate with respect to. */
  Taped source(Tensor primal) {
    return new Taped(this, primal, Node.source(primal.spec()), 0);
  }

  @Override
  Tensor[] apply(Primitive primitive, Tensor[] in) {
    if (probe != null && primitive instanceof Checkpoint checkpoint) {
      return checkpoint.inlined(in);
    }
    Tensor[] x = Differentiated.primals(this, in);
    Tensor[] y = Level.bind(primitive.below(), x);
    requireBelow(primitive, y);
    @Nullable Node[] parents = new Node[in.length];
    int[] outputs = new int[in.length];
    boolean any = false;
    for (int i = 0; i < in.length; i++) {
      if (in[i] instanceof Taped taped && taped.level() == this && primitive.differentiable(i)) {
        parents[i] = taped.node();
        outputs[i] = taped.output();
        any = true;
      }
    }
    if (!any) {
      return y;
    }
    Node node = Node.of(primitive, x, y, parents, outputs);
    if (probe != null) {
      probe.recorded(node, primitive, x);
    }
    Tensor[] out = new Tensor[y.length];
    for (int j = 0; j < y.length; j++) {
      out[j] = y[j].dtype().isFloating() ? new Taped(this, y[j], node, j) : y[j];
    }
    return out;
  }
}
