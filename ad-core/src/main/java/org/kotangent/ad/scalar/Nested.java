package org.kotangent.ad.scalar;

/**
 * What {@link Flat} is with reals for its parts: a value of a derivation whose primal or slope is a
 * value of another.
 */
final class Nested extends Real {
  final Linearisation level;
  final Real primal;
  final Real slope;
  final int node;

  Nested(Linearisation level, Real primal, Real slope, int node) {
    this.level = level;
    this.primal = primal;
    this.slope = slope;
    this.node = node;
  }

  @Override
  public double value() {
    return primal.value();
  }

  @Override
  double number() {
    return primal.number();
  }

  @Override
  Level level() {
    return level;
  }
}
