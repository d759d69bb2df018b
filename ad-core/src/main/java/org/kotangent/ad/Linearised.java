package org.kotangent.ad;

import java.util.List;
import java.util.function.Function;

/**
 * A function at a point as its values there and a program that maps tangents of the active
 * arguments to tangents of the results. Everything that does not depend on the tangents has been
 * computed.
 */
record Linearised(List<Tensor> values, Program tangents) {

  static Linearised of(
      String transformation, Function<List<Tensor>, List<Tensor>> f, Tensor[] x, Subset active) {
    SymbolicLevel level = new SymbolicLevel();
    List<Symbolic> symbols =
        active.of(x).stream().map(t -> Symbolic.input(level, t.spec())).toList();
    Forward pushed;
    try {
      DualLevel duals = new DualLevel(transformation);
      pushed = Forward.push(f, x, active.spread(List.copyOf(symbols)), duals);
    } finally {
      level.close();
    }
    return new Linearised(
        List.of(pushed.values()), Program.of(level, symbols, pushed.directions()));
  }
}
