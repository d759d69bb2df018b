package org.kotangent.ad.scalar;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.kotangent.ad.ScalarOp;

/**
 * A power series whose coefficients are computed when they are asked for and kept. A null
 * coefficient is an exact zero.
 *
 * <p>Sums, products and quotients have the recurrences of Griewank and Walther 2008, table 13.1.
 * Every other function y = f(a, b) follows from its partials alone: differentiated along the
 * series, y′ = a′·∂f/∂a + b′·∂f/∂b reads, coefficient by coefficient,
 *
 * <pre>
 * k·yₖ = Σⱼ j·aⱼ·(∂f/∂a)ₖ₋ⱼ + Σⱼ j·bⱼ·(∂f/∂b)ₖ₋ⱼ      j = 1, …, k
 * </pre>
 *
 * <p>where the partials are again series, of which only coefficients below k are asked for. So they
 * may mention y itself, as eˣ does, and they may mention each other, as the sine and the cosine do,
 * at a cost of k per coefficient (ibid. section 13.2).
 */
abstract sealed class Series {
  private @Nullable Real[] known = new Real[4];
  private int count;

  /** Coefficient k, after all before it have been computed. */
  abstract @Nullable Real compute(int k);

  /** Coefficient k. */
  final @Nullable Real coefficient(int k) {
    while (count <= k) {
      Real next = compute(count);
      if (count == known.length) {
        known = Arrays.copyOf(known, 2 * count);
      }
      known[count++] = next;
    }
    return known[k];
  }

  /** Coefficient 0, the value at the point of expansion. */
  final Real start() {
    Real c = coefficient(0);
    return c == null ? Flat.ZERO : c;
  }

  static @Nullable Real sum(@Nullable Real a, @Nullable Real b) {
    return a == null ? b : b == null ? a : a.plus(b);
  }

  static @Nullable Real product(@Nullable Real a, @Nullable Real b) {
    return a == null || b == null ? null : Linearisation.product(a, b);
  }

  /** Σ aⱼ·bₖ₋ⱼ for j from the given one to k. */
  static @Nullable Real convolution(Series a, Series b, int from, int k) {
    Real sum = null;
    for (int j = from; j <= k; j++) {
      sum = sum(sum, product(a.coefficient(j), b.coefficient(k - j)));
    }
    return sum;
  }

  /** A number: all coefficients but the first are zero. */
  static final class Constant extends Series {
    private final Real value;

    Constant(Real value) {
      this.value = value;
    }

    @Override
    @Nullable Real compute(int k) {
      return k == 0 ? value : null;
    }
  }

  /** Given coefficients. */
  static final class Given extends Series {
    private final @Nullable Real[] coefficients;

    Given(@Nullable Real[] coefficients) {
      this.coefficients = coefficients;
    }

    @Override
    @Nullable Real compute(int k) {
      return k < coefficients.length ? coefficients[k] : null;
    }
  }

  /** Sum, difference, product or quotient. */
  static final class Arithmetic extends Series {
    private final ScalarOp op;
    private final Series a;
    private final Series b;

    Arithmetic(ScalarOp op, Series a, Series b) {
      this.op = op;
      this.a = a;
      this.b = b;
    }

    @Override
    @Nullable Real compute(int k) {
      if (k == 0) {
        return Level.evaluate(op, new Real[] {a.start(), b.start()});
      }
      return switch (op) {
        case ADD -> sum(a.coefficient(k), b.coefficient(k));
        case SUB -> sum(a.coefficient(k), negative(b.coefficient(k)));
        case MUL -> convolution(a, b, 0, k);
        case DIV -> {
          Real rest = sum(a.coefficient(k), negative(convolution(b, this, 1, k)));
          yield rest == null ? null : rest.div(b.start());
        }
        default -> throw new IllegalStateException("not arithmetic: " + op);
      };
    }

    private static @Nullable Real negative(@Nullable Real x) {
      return x == null ? null : x.unaryMinus();
    }
  }

  /** One of two series, by the sign of a number, which is not differentiated. */
  static final class Choice extends Series {
    private final Series condition;
    private final Series positive;
    private final Series otherwise;

    Choice(Series condition, Series positive, Series otherwise) {
      this.condition = condition;
      this.positive = positive;
      this.otherwise = otherwise;
    }

    @Override
    @Nullable Real compute(int k) {
      Real a = positive.coefficient(k);
      Real b = otherwise.coefficient(k);
      return a == null && b == null
          ? null
          : condition.start().select(a == null ? Flat.ZERO : a, b == null ? Flat.ZERO : b);
    }
  }

  /** Any other function, from its partials. */
  static final class Function extends Series {
    private final ScalarOp op;
    private final Series[] x;
    private final @Nullable Series[] partials;
    private final SeriesRules rules;

    Function(ScalarOp op, Series[] x, SeriesRules rules) {
      this.op = op;
      this.x = x;
      this.rules = rules;
      this.partials = new Series[x.length];
    }

    @Override
    @Nullable Real compute(int k) {
      if (k == 0) {
        return Level.evaluate(op, Arrays.stream(x).map(Series::start).toArray(Real[]::new));
      }
      Real sum = null;
      for (int i = 0; i < x.length; i++) {
        if (!(x[i] instanceof Constant)) {
          sum = sum(sum, along(x[i], partial(i), k));
        }
      }
      return sum;
    }

    /** Built only now, since it may ask for the first coefficient of this series. */
    private Series partial(int i) {
      Series known = partials[i];
      if (known == null) {
        known = rules.partial(op, i, x, this);
        partials[i] = known;
      }
      return known;
    }

    /** (1/k) Σ j·aⱼ·pₖ₋ⱼ, without the rounding by k where p is a number. */
    private static @Nullable Real along(Series a, Series p, int k) {
      if (p instanceof Constant c) {
        return c.value instanceof Flat f && f.level == null && f.value == 0
            ? null
            : product(a.coefficient(k), c.value);
      }
      Real sum = null;
      for (int j = 1; j <= k; j++) {
        Real term = product(a.coefficient(j), p.coefficient(k - j));
        sum = sum(sum, term == null || j == 1 ? term : term.times(j));
      }
      return sum == null || k == 1 ? sum : sum.div(k);
    }
  }
}
