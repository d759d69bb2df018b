package org.kotangent.ops;

import java.util.Arrays;
import org.kotangent.ad.DTypeException;
import org.kotangent.ad.DomainException;
import org.kotangent.ad.ShapeException;
import org.kotangent.ad.Spec;
import org.kotangent.ad.UnknownNumberException;

/** The one place of this module where messages are built. */
final class Checks {
  private Checks() {}

  static ShapeException shape(String op, String rule, String got, String remedy) {
    return new ShapeException(message(op, rule, got, remedy));
  }

  static DTypeException dtype(String op, String rule, String got, String remedy) {
    return new DTypeException(message(op, rule, got, remedy));
  }

  static DomainException domain(String op, String rule, String got, String remedy) {
    return new DomainException(message(op, rule, got, remedy));
  }

  static UnknownNumberException unknown(String op, String rule, String got, String remedy) {
    return new UnknownNumberException(message(op, rule, got, remedy));
  }

  private static String message(String op, String rule, String got, String remedy) {
    return op + ": " + rule + "; got " + got + "; " + remedy;
  }

  /** Requires floating operands of one type; {@code names} are theirs, in order. */
  static void requireFloating(String op, Spec[] in, String... names) {
    for (int i = 0; i < names.length; i++) {
      if (!in[i].dtype().isFloating() || in[i].dtype() != in[0].dtype()) {
        throw dtype(
            op,
            names.length == 1 ? "needs floating numbers" : "operands must have one floating type",
            operands(in, names),
            "convert with to(DType.F32)");
      }
    }
  }

  /** {@code x: f32[2], w: f64[3]}. */
  static String operands(Spec[] in, String... names) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < names.length; i++) {
      text.append(i == 0 ? "" : ", ").append(names[i]).append(": ").append(in[i]);
    }
    return text.toString();
  }

  /** Requires numbers of at least 1. */
  static void requirePositive(String op, String name, int... values) {
    for (int value : values) {
      if (value < 1) {
        throw domain(
            op,
            name + " must be at least 1",
            name + ": " + (values.length == 1 ? value : Arrays.toString(values)),
            "use 1 or more");
      }
    }
  }
}
