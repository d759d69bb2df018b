package org.kotangent.ad.scalar;

import org.jspecify.annotations.Nullable;
import org.kotangent.ad.ScalarOp;

/** How two numbers compare: what a branch of a program can depend on. −0 equals 0. */
enum Order {
  LESS(-1),
  EQUAL(0),
  GREATER(1),
  FIRST_NAN(1),
  SECOND_NAN(-1),
  BOTH_NAN(0);

  private final int sign;

  Order(int sign) {
    this.sign = sign;
  }

  /** As {@link Comparable#compareTo} wants it, with NaN after every number. */
  private int sign() {
    return sign;
  }

  /** Whether LESS, LESS_EQUAL or EQUAL holds; NaN satisfies none. */
  private boolean satisfies(ScalarOp condition) {
    return switch (condition) {
      case LESS -> this == LESS;
      case LESS_EQUAL -> this == LESS || this == EQUAL;
      case EQUAL -> this == EQUAL;
      default -> throw new IllegalStateException("not a comparison: " + condition);
    };
  }

  static Order of(double a, double b) {
    if (a < b) {
      return LESS;
    }
    if (a > b) {
      return GREATER;
    }
    if (a == b) {
      return EQUAL;
    }
    return Double.isNaN(b) ? (Double.isNaN(a) ? BOTH_NAN : SECOND_NAN) : FIRST_NAN;
  }

  /**
   * Compares the numbers as {@link Real#compareTo} does; where one is being recorded, so is the
   * sign.
   */
  static int compare(Real a, Real b) {
    return of(a, b, null).sign();
  }

  /** Whether a condition holds for the numbers; where one is being recorded, so is the answer. */
  static boolean holds(ScalarOp condition, Real a, Real b) {
    return of(a, b, condition).satisfies(condition);
  }

  private static Order of(Real a, Real b, @Nullable ScalarOp condition) {
    Flat x = bottom(a);
    Flat y = bottom(b);
    Order order = of(x.value, y.value);
    if (x.level instanceof Recorder recorder) {
      recorder.guard(x, y, condition, order);
    } else if (y.level instanceof Recorder recorder) {
      recorder.guard(x, y, condition, order);
    }
    return order;
  }

  /**
   * Whether a program that asked for the condition, or for the sign, cannot tell this from another.
   */
  boolean agrees(Order other, @Nullable ScalarOp condition) {
    return condition == null
        ? sign == other.sign
        : satisfies(condition) == other.satisfies(condition);
  }

  /** What a value is when all derivatives are left out: a plain number or a recorded one. */
  static Flat bottom(Real x) {
    Real r = x;
    while (true) {
      switch (r) {
        case Nested n -> r = n.primal;
        case Taylor t -> r = t.coefficient(0);
        case Flat f -> {
          return f.level instanceof Linearisation ? new Flat(f.value) : f;
        }
      }
    }
  }
}
