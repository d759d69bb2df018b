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
    Spec[] results = results(primitive, in);
    Application application = new Application(primitive, List.of(in), List.of(results));
    Tensor[] out = new Tensor[results.length];
    for (int j = 0; j < out.length; j++) {
      out[j] = Symbolic.result(this, application, j);
    }
    return out;
  }

  private Spec[] results(Primitive primitive, Tensor[] in) {
    if (primitive instanceof Composite composite) {
      Program program = composite.program(in, this);
      requireBelow(primitive, program.constants().toArray(Tensor[]::new));
      return program.specs();
    }
    return primitive.infer(Arrays.stream(in).map(Tensor::spec).toArray(Spec[]::new));
  }
}
