package org.kotangent.ad;

import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A function of which a tape keeps the arguments alone: its pullback computes the function anew.
 * The derivatives are checkpoints in turn, so that memory is saved at every order.
 *
 * <p>Source: Griewank and Walther 2008, chapter 12.
 */
final class Checkpoint extends Composite {
  Checkpoint(Function<List<Tensor>, List<Tensor>> function) {
    super(function);
  }

  @Override
  public String name() {
    return "checkpoint";
  }

  @Override
  Primitive below() {
    return new Checkpoint(BelowLevel.of(function()));
  }

  /** The function applied as if there were no checkpoint. */
  Tensor[] inlined(Tensor[] in) {
    return function().apply(List.of(in)).toArray(Tensor[]::new);
  }

  @Override
  public boolean needsOutput(int j, boolean[] active) {
    return false;
  }

  /**
   * Results followed by their tangents, from one run of the function where that can be. Where the
   * tangents alone are symbolic or batched, the results must not become so with them.
   */
  List<Tensor> push(Tensor[] x, @Nullable Tensor[] dx) {
    List<Tensor> moving = Subset.present(dx).of(dx);
    Level apart = Level.highest(moving.toArray(Tensor[]::new));
    if (apart == null || !apart.isInside(Level.highest(x))) {
      return pushed(x, dx, forward -> joined(List.of(forward.values()), forward.directions()));
    }
    if (apart instanceof SymbolicLevel) { // so that all that is known is computed once
      Forward forward = Forward.push(function(), x, dx, new DualLevel(name()));
      return joined(List.of(forward.values()), forward.directions());
    }
    return joined(applyAll(x), pushed(x, dx, Forward::directions));
  }

  /** A checkpoint of what forward mode gives. */
  private List<Tensor> pushed(
      Tensor[] x, @Nullable Tensor[] dx, Function<Forward, List<Tensor>> wanted) {
    int n = x.length;
    Subset moving = Subset.present(dx);
    Function<List<Tensor>, List<Tensor>> run =
        both -> {
          Tensor[] point = both.subList(0, n).toArray(Tensor[]::new);
          return wanted.apply(
              Forward.push(
                  function(),
                  point,
                  moving.spread(both.subList(n, both.size())),
                  new DualLevel(name())));
        };
    List<Tensor> both = joined(List.of(x), moving.of(dx));
    return new Checkpoint(run).applyAll(both.toArray(Tensor[]::new));
  }

  @Override
  public @Nullable Tensor[] vjp(Residuals r, @Nullable Tensor[] gy) {
    int n = r.inputs();
    Subset active = Subset.active(r);
    Subset given = Subset.present(gy);
    Function<List<Tensor>, List<Tensor>> pullback =
        both -> {
          Tensor[] point = both.subList(0, n).toArray(Tensor[]::new);
          Reverse recorded =
              Reverse.record(function(), point, active.chosen(), new TapeLevel(name()));
          @Nullable Tensor[] gx =
              recorded.tape().pullOnce(given.spread(both.subList(n, both.size())));
          return active.of(dense(gx, point));
        };
    List<Tensor> x = IntStream.range(0, n).mapToObj(r::x).toList();
    List<Tensor> both = joined(x, given.of(gy));
    return active.spread(new Checkpoint(pullback).applyAll(both.toArray(Tensor[]::new)));
  }

  @Override
  public Tensor[] batch(Tensor[] in, boolean[] batched, int size) {
    return new Checkpoint(Vectorised.over(function(), batched, size))
        .applyAll(in)
        .toArray(Tensor[]::new);
  }

  /** Derivatives with zeros where there is none. */
  private static Tensor[] dense(@Nullable Tensor[] derivatives, Tensor[] like) {
    Tensor[] out = new Tensor[like.length];
    for (int i = 0; i < out.length; i++) {
      Tensor d = derivatives[i];
      out[i] = d == null ? Tensor.zeros(like[i].spec()) : d;
    }
    return out;
  }
}
