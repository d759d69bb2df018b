package org.kotangent.ad;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A function with a given forward rule. Reverse mode transposes that rule, which is linear in the
 * tangents.
 */
final class CustomJvp extends Composite {
  /** Tangents of the results from operands and their tangents. */
  @FunctionalInterface
  interface Rule {
    List<Tensor> tangents(List<Tensor> x, List<Tensor> dx);
  }

  private final Rule rule;

  CustomJvp(Function<List<Tensor>, List<Tensor>> function, Rule rule) {
    super(function);
    this.rule = rule;
  }

  @Override
  public String name() {
    return "customJvp";
  }

  @Override
  Primitive below() {
    return new CustomJvp(
        BelowLevel.of(function()), (x, dx) -> BelowLevel.of(this::tangents).apply(joined(x, dx)));
  }

  @Override
  public @Nullable Tensor[] jvp(Tensor[] x, Tensor[] y, @Nullable Tensor[] dx) {
    Tensor[] directions = new Tensor[x.length];
    for (int i = 0; i < x.length; i++) {
      directions[i] = Forward.direction(x[i], dx[i]);
    }
    return rule.tangents(List.of(x), List.of(directions)).toArray(Tensor[]::new);
  }

  @Override
  public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
    boolean[] twice = Arrays.copyOf(batched, 2 * in.length);
    System.arraycopy(batched, 0, twice, in.length, in.length);
    Rule all = (x, dx) -> Vectorised.over(this::tangents, twice, size).apply(joined(x, dx));
    return new CustomJvp(Vectorised.over(function(), batched, size), all)
        .applyAll(in)
        .toArray(Tensor[]::new);
  }

  private List<Tensor> tangents(List<Tensor> both) {
    int n = both.size() / 2;
    return rule.tangents(both.subList(0, n), both.subList(n, 2 * n));
  }
}
