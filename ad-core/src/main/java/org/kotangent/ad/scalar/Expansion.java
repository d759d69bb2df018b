package org.kotangent.ad.scalar;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.kotangent.ad.ScalarOp;

/** A derivation of higher order along one direction: its values are truncated Taylor series. */
final class Expansion extends Level {
  private final int order;

  /** A derivation that keeps coefficients up to the given order. */
  Expansion(String transformation, int order) {
    super(transformation);
    this.order = order;
  }

  /** x + t, the argument along which a function is expanded. */
  Real argument(Real x) {
    @Nullable Real[] c = new Real[order + 1];
    c[0] = x;
    if (order > 0) {
      c[1] = Flat.ONE;
    }
    return new Taylor(this, c);
  }

  /** The coefficients of a result of the function, which need not depend on the argument. */
  Real[] coefficientsOf(Real y) {
    Real[] c = new Real[order + 1];
    boolean own = y.level() == this;
    Arrays.setAll(c, k -> own ? ((Taylor) y).coefficient(k) : k == 0 ? y : Flat.ZERO);
    return c;
  }

  @Override
  Real apply(ScalarOp op, Real[] x) {
    SeriesRules rules = new SeriesRules();
    Series[] operands = new Series[x.length];
    for (int i = 0; i < x.length; i++) {
      operands[i] =
          x[i] instanceof Taylor t && t.level() == this
              ? new Series.Given(t.coefficients())
              : rules.constant(x[i]);
    }
    Series y = rules.apply(op, operands);
    @Nullable Real[] c = new Real[order + 1];
    boolean constant = true;
    for (int k = 0; k <= order; k++) {
      c[k] = y.coefficient(k);
      constant &= k == 0 || c[k] == null;
    }
    return constant ? c[0] : new Taylor(this, c);
  }
}
