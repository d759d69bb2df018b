package org.kotangent.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.kotangent.ad.Ad;
import org.kotangent.ad.Residuals;
import org.kotangent.ad.Tensor;

/**
 * What a fused operation computes, written with differentiable operations. Differentiating this
 * definition gives the rules of the fused form, to any order.
 */
record Composition(Function<List<Tensor>, List<Tensor>> definition) {

  /** The definition as a function of the operands marked as active. */
  private Function<List<Tensor>, List<Tensor>> of(Tensor[] x, boolean[] active) {
    return chosen -> {
      Tensor[] all = x.clone();
      int next = 0;
      for (int i = 0; i < all.length; i++) {
        if (active[i]) {
          all[i] = chosen.get(next++);
        }
      }
      return definition.apply(List.of(all));
    };
  }

  private static List<Tensor> chosen(@Nullable Tensor[] of, boolean[] active) {
    List<Tensor> chosen = new ArrayList<>();
    for (int i = 0; i < of.length; i++) {
      Tensor t = of[i];
      if (active[i] && t != null) {
        chosen.add(t);
      }
    }
    return chosen;
  }

  /** The tangents of the results. */
  @Nullable Tensor[] jvp(Tensor[] x, @Nullable Tensor[] dx) {
    boolean[] active = new boolean[x.length];
    for (int i = 0; i < x.length; i++) {
      active[i] = dx[i] != null;
    }
    var both = Ad.jvp(of(x, active), chosen(x, active), chosen(dx, active));
    return both.tangent().toArray(Tensor[]::new);
  }

  /** The cotangents of the operands. */
  @Nullable Tensor[] vjp(Residuals r, @Nullable Tensor[] gy) {
    Tensor[] x = new Tensor[r.inputs()];
    boolean[] active = new boolean[x.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = r.x(i);
      active[i] = r.active(i);
    }
    List<Tensor> seeds = new ArrayList<>();
    for (int j = 0; j < gy.length; j++) {
      Tensor g = gy[j];
      seeds.add(g == null ? Tensor.zeros(r.out(j)) : g);
    }
    var gradients = Ad.vjp(of(x, active), chosen(x, active)).pullback().apply(seeds).iterator();
    @Nullable Tensor[] gx = new Tensor[x.length];
    for (int i = 0; i < x.length; i++) {
      gx[i] = active[i] ? gradients.next() : null;
    }
    return gx;
  }
}
