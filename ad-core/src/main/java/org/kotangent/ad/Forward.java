package org.kotangent.ad;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Forward mode of a function of tensors: its values and their tangents, where null means zero. */
final class Forward {
  private final Tensor[] values;
  private final @Nullable Tensor[] tangents;

  private Forward(Tensor[] values, @Nullable Tensor[] tangents) {
    this.values = values;
    this.tangents = tangents;
  }

  /** The values at x and their tangents along dx, at a level that is new. */
  static Forward push(
      Function<List<Tensor>, List<Tensor>> f, Tensor[] x, @Nullable Tensor[] dx, DualLevel level) {
    Tensor[] duals = x.clone();
    for (int i = 0; i < x.length; i++) {
      Tensor d = dx[i];
      duals[i] = d == null ? x[i] : new Dual(level, x[i], d);
    }
    Tensor[] y;
    try {
      y = f.apply(List.of(duals)).toArray(Tensor[]::new);
    } finally {
      level.close();
    }
    return new Forward(
        Differentiated.primals(level, y),
        Arrays.stream(y).map(level::tangent).toArray(Tensor[]::new));
  }

  /** The values of the function. */
  Tensor[] values() {
    return values;
  }

  /** The tangents of the values. */
  @Nullable Tensor[] tangents() {
    return tangents;
  }

  /** The tangents, as zeros where they are zero; integers have none and stand for themselves. */
  List<Tensor> directions() {
    List<Tensor> directions = new ArrayList<>();
    for (int j = 0; j < values.length; j++) {
      Tensor d = tangents[j];
      directions.add(direction(values[j], d));
    }
    return directions;
  }

  /** The tangent of a value, where null means zero. */
  static Tensor direction(Tensor value, @Nullable Tensor tangent) {
    if (tangent != null) {
      return tangent;
    }
    return value.dtype().isFloating() ? Tensor.zeros(value.spec()) : value;
  }
}
