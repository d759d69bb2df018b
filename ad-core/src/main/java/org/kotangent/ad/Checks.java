package org.kotangent.ad;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

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

  static TreeException tree(String where, String rule, String got, String remedy) {
    return new TreeException(message(where, rule, got, remedy));
  }

  static String message(String op, String rule, String got, String remedy) {
    return op + ": " + rule + "; got " + got + "; " + remedy;
  }

  /** {@code a: f32[2], b: f64[3]} for operands in order. */
  static String operands(Spec[] specs) {
    if (specs.length == 1) {
      return specs[0].toString();
    }
    return IntStream.range(0, specs.length)
        .mapToObj(i -> (char) ('a' + i) + ": " + specs[i])
        .collect(Collectors.joining(", "));
  }
}
