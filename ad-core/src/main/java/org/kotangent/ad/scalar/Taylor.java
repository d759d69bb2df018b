package org.kotangent.ad.scalar;

import org.jspecify.annotations.Nullable;

/** A truncated Taylor series c₀ + c₁t + … + cₙtⁿ, the value of an {@link Expansion} along t. */
final class Taylor extends Real {
  private final Expansion level;
  private final @Nullable Real[] coefficients;

  /**
   * The series with the given coefficients, of which null is an exact zero but the first is not.
   */
  Taylor(Expansion level, @Nullable Real[] coefficients) {
    this.level = level;
    this.coefficients = coefficients;
  }

  Real coefficient(int k) {
    Real c = coefficients[k];
    return c == null ? Flat.ZERO : c;
  }

  @Nullable Real[] coefficients() {
    return coefficients;
  }

  @Override
  public double value() {
    return coefficient(0).value();
  }

  @Override
  double number() {
    return coefficient(0).number();
  }

  @Override
  Level level() {
    return level;
  }
}
