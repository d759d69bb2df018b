package org.kotangent.ad;

/** A tensor that means something to one invocation of a transformation. */
abstract sealed class Traced extends Tensor permits Differentiated, Batched, Symbolic {
  private final Level level;

  Traced(Level level) {
    this.level = level;
  }

  /** The invocation this value belongs to. */
  final Level level() {
    return level;
  }
}
