package org.kotangent.ad;

import java.util.Arrays;
import java.util.List;

/** Records what would be computed, from types and shapes alone. */
final class SymbolicLevel extends Level {
  SymbolicLevel() {
    super("capture");
  }

  @Override
  Tensor[] apply(Primitive primitive, Tensor[] in) {
    Spec[] specs = Arrays.stream(in).map(Tensor::spec).toArray(Spec[]::new);
    if (primitive instanceof Composite composite) {
      requireBelow(primitive, composite.program(specs).constants());
    }
    Spec[] results = primitive.infer(specs);
    Application application = new Application(primitive, List.of(in), List.of(results));
    Tensor[] out = new Tensor[results.length];
    for (int j = 0; j < out.length; j++) {
      out[j] = Symbolic.result(this, application, j);
    }
    return out;
  }
}
