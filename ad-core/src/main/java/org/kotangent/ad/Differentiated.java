package org.kotangent.ad;

/** A value that carries something for one derivation besides its primal. */
abstract sealed class Differentiated extends Traced permits Dual, Taped, Watched, Below {
  private final Tensor primal;

  Differentiated(Level level, Tensor primal) {
    super(level);
    this.primal = primal;
  }

  /** The value one level down. */
  final Tensor primal() {
    return primal;
  }

  /** The value below all derivations. */
  static Tensor plain(Tensor t) {
    Tensor below = t;
    while (below instanceof Differentiated value) {
      below = value.primal();
    }
    return below;
  }

  @Override
  public final Spec spec() {
    return primal.spec();
  }

  @Override
  final Arr array() {
    Lifting.read(this);
    return primal.array();
  }

  /** The operands with those of a level replaced by their primals. */
  static Tensor[] primals(Level level, Tensor[] in) {
    Tensor[] out = in.clone();
    for (int i = 0; i < out.length; i++) {
      if (in[i] instanceof Differentiated value && value.level() == level) {
        out[i] = value.primal();
      }
    }
    return out;
  }
}
