package org.kotangent.ad;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reverse mode of a function of tensors: its values and the tape that leads to them. */
final class Reverse {
  private final Tensor[] values;
  private final Tape tape;

  private Reverse(Tensor[] values, Tape tape) {
    this.values = values;
    this.tape = tape;
  }

  /** The function run once at x, its operations recorded from all arguments on. */
  static Reverse of(String transformation, Function<List<Tensor>, List<Tensor>> f, Tensor[] x) {
    return record(f, x, Subset.present(x).chosen(), new TapeLevel(transformation));
  }

  /**
   * The function run once at x at a level that is new, its operations recorded from the active
   * arguments on.
   */
  static Reverse record(
      Function<List<Tensor>, List<Tensor>> f, Tensor[] x, boolean[] active, TapeLevel level) {
    @Nullable Taped[] sources = new Taped[x.length];
    Tensor[] arguments = x.clone();
    for (int i = 0; i < x.length; i++) {
      if (active[i]) {
        Taped source = level.source(x[i]);
        sources[i] = source;
        arguments[i] = source;
      }
    }
    Tensor[] y;
    try {
      y = f.apply(List.of(arguments)).toArray(Tensor[]::new);
    } finally {
      level.close();
    }
    return new Reverse(Differentiated.primals(level, y), Tape.of(level, sources, y));
  }

  /** The values of the function. */
  Tensor[] values() {
    return values;
  }

  /** The operations that lead to them. */
  Tape tape() {
    return tape;
  }
}
