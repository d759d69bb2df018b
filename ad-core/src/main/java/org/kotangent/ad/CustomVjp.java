package org.kotangent.ad;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A function with a given reverse rule, which holds at every order of reverse mode. Derivations
 * around the tape differentiate the function and its rule as they are written; pushing a tangent
 * through it directly is an error.
 *
 * <p>Source: Vedaldi 2022, §5, fBP(x, p).
 */
final class CustomVjp extends Composite {
  /** Cotangents of the operands from operands and cotangents of the results. */
  @FunctionalInterface
  interface Rule {
    List<Tensor> cotangents(List<Tensor> x, List<Tensor> gy);
  }

  private final Rule rule;
  private final boolean below;

  CustomVjp(Function<List<Tensor>, List<Tensor>> function, Rule rule) {
    this(function, rule, false);
  }

  private CustomVjp(Function<List<Tensor>, List<Tensor>> function, Rule rule, boolean below) {
    super(function);
    this.rule = rule;
    this.below = below;
  }

  @Override
  public String name() {
    return "customVjp";
  }

  @Override
  Primitive below() {
    return below ? this : new CustomVjp(BelowLevel.of(function()), rule, true);
  }

  @Override
  public boolean needsOutput(int j, boolean[] active) {
    return false;
  }

  @Override
  public @Nullable Tensor[] jvp(Tensor[] x, Tensor[] y, @Nullable Tensor[] dx) {
    if (!below) {
      throw new MissingRuleException(
          Checks.message(
              name(),
              "has a reverse rule only and cannot push tangents forward",
              "a direct jvp",
              "declare the function by customJvp, which serves both modes"));
    }
    return Forward.push(function(), x, dx, new DualLevel(name())).tangents();
  }

  @Override
  public @Nullable Tensor[] vjp(Residuals r, @Nullable Tensor[] gy) {
    List<Tensor> x = IntStream.range(0, r.inputs()).mapToObj(r::x).toList();
    List<Tensor> cotangents = new ArrayList<>();
    for (int j = 0; j < gy.length; j++) {
      Tensor g = gy[j];
      cotangents.add(g == null ? Tensor.zeros(r.out(j)) : g);
    }
    return BelowLevel.of(both -> cotangents(x.size(), both))
        .apply(joined(x, cotangents))
        .toArray(Tensor[]::new);
  }

  @Override
  public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
    int n = in.length;
    Rule all =
        (x, gy) -> {
          boolean[] marked = Arrays.copyOf(batched, n + gy.size());
          Arrays.fill(marked, n, marked.length, true);
          List<Tensor> gx =
              Vectorised.over(both -> cotangents(n, both), marked, size).apply(joined(x, gy));
          return IntStream.range(0, n)
              .mapToObj(i -> batched[i] ? gx.get(i) : total(x.get(i), gx.get(i)))
              .toList();
        };
    return new CustomVjp(Vectorised.over(function(), batched, size), all, below)
        .applyAll(in)
        .toArray(Tensor[]::new);
  }

  /** The rule, applied to n operands followed by the cotangents of the results. */
  private List<Tensor> cotangents(int n, List<Tensor> both) {
    return rule.cotangents(both.subList(0, n), both.subList(n, both.size()));
  }

  /** The cotangent of an operand that is the same for the whole batch. */
  private static Tensor total(Tensor x, Tensor each) {
    return x.dtype().isFloating() ? Core.sum(each, new int[] {0}, false) : x;
  }
}
