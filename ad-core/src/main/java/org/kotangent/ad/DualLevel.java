package org.kotangent.ad;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Forward mode: pushes tangents through each primitive by its {@code jvp}. */
final class DualLevel extends Level {
  private final @Nullable Probe probe;

  DualLevel(String transformation) {
    this(transformation, null);
  }

  /** A level of which the probe, if there is one, sees every application. */
  DualLevel(String transformation, @Nullable Probe probe) {
    super(transformation);
    this.probe = probe;
  }

  @Override
  Tensor[] apply(Primitive primitive, Tensor[] in) {
    if (probe == null) {
      return push(primitive, in);
    }
    if (primitive instanceof Checkpoint checkpoint) {
      return checkpoint.inlined(in);
    }
    Tensor[] out = push(primitive, in);
    probe.applied(primitive, in, out);
    return out;
  }

  private Tensor[] push(Primitive primitive, Tensor[] in) {
    Tensor[] x = Differentiated.primals(this, in);
    @Nullable Tensor[] dx = new Tensor[in.length];
    boolean any = false;
    for (int i = 0; i < in.length; i++) {
      if (in[i] instanceof Dual dual && dual.level() == this && primitive.differentiable(i)) {
        dx[i] = dual.tangent();
        any = true;
      }
    }
    if (any && primitive instanceof Checkpoint checkpoint) {
      List<Tensor> both = checkpoint.push(x, dx);
      int n = both.size() / 2;
      Tensor[] y = both.subList(0, n).toArray(Tensor[]::new);
      return duals(primitive, y, both.subList(n, 2 * n).toArray(Tensor[]::new));
    }
    Tensor[] y = Level.bind(primitive, x);
    return duals(primitive, y, any ? primitive.jvp(x, y, dx) : new @Nullable Tensor[y.length]);
  }

  private Tensor[] duals(Primitive primitive, Tensor[] y, @Nullable Tensor[] dy) {
    requireBelow(primitive, y);
    requireBelow(primitive, dy);
    Tensor[] out = new Tensor[y.length];
    for (int j = 0; j < y.length; j++) {
      Tensor t = dy[j];
      out[j] =
          t == null || !y[j].dtype().isFloating()
              ? y[j]
              : new Dual(this, y[j], checked(primitive, y[j], t));
    }
    return out;
  }

  /** The tangent of a value of this level, or null where it is zero. */
  @Nullable Tensor tangent(Tensor t) {
    return t instanceof Dual dual && dual.level() == this ? dual.tangent() : null;
  }

  private static Tensor checked(Primitive primitive, Tensor y, Tensor dy) {
    if (!dy.spec().equals(y.spec())) {
      throw Checks.shape(
          primitive.name() + ".jvp",
          "a tangent must have the type and shape of its primal",
          "primal: " + y.spec() + ", tangent: " + dy.spec(),
          "correct the rule of the primitive");
    }
    return dy;
  }
}
