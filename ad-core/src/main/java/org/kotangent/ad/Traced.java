package org.kotangent.ad;

/** A tensor that carries something for one derivation besides its primal. */
abstract sealed class Traced extends Tensor permits Dual, Taped {
  private final Level level;
  private final Tensor primal;

  Traced(Level level, Tensor primal) {
    this.level = level;
    this.primal = primal;
  }

  /** The derivation this value belongs to. */
  final Level level() {
    return level;
  }

  /** The value one level down. */
  final Tensor primal() {
    return primal;
  }

  @Override
  public final Spec spec() {
    return primal.spec();
  }

  @Override
  final Arr array() {
    return primal.array();
  }
}
