package org.kotangent.ad;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Runs each primitive one level down, as the levels below a tape are to see it. */
final class BelowLevel extends Level {
  private BelowLevel() {
    super("a function with a rule of its own");
  }

  /** A function all of whose operations are seen that way, whatever they are inside of. */
  static Function<List<Tensor>, List<Tensor>> of(Function<List<Tensor>, List<Tensor>> f) {
    return x -> {
      BelowLevel level = new BelowLevel();
      try {
        List<Tensor> y = f.apply(x.stream().<Tensor>map(t -> new Below(level, t)).toList());
        return List.of(Differentiated.primals(level, y.toArray(Tensor[]::new)));
      } finally {
        level.close();
      }
    };
  }

  @Override
  Tensor[] apply(Primitive primitive, Tensor[] in) {
    Tensor[] out = Level.bind(primitive.below(), Differentiated.primals(this, in));
    requireBelow(primitive, out);
    return Arrays.stream(out).map(y -> new Below(this, y)).toArray(Tensor[]::new);
  }
}
