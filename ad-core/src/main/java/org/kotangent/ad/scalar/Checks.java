package org.kotangent.ad.scalar;

import org.kotangent.ad.DomainException;
import org.kotangent.ad.EscapedValueException;

/** The one place of this package where messages are built. */
final class Checks {
  private Checks() {}

  static DomainException domain(String op, String rule, String got, String remedy) {
    return new DomainException(message(op, rule, got, remedy));
  }

  static EscapedValueException escaped(String op, String transformation) {
    return new EscapedValueException(
        message(
            op,
            "a value of a derivation may be used only inside the function being differentiated",
            "a value that escaped from " + transformation,
            "return it from that function instead of storing it"));
  }

  static void sameLength(String op, int expected, String what, int got) {
    if (expected != got) {
      throw domain(
          op,
          "as many numbers as arguments are needed",
          what + ": " + got + " for " + expected + " arguments",
          "give " + expected);
    }
  }

  static void sameResults(String op, int expected, int got) {
    if (expected != got) {
      throw domain(
          op,
          "one cotangent for each result is needed",
          got + " for " + expected + " results",
          "give " + expected);
    }
  }

  static String message(String op, String rule, String got, String remedy) {
    return op + ": " + rule + "; got " + got + "; " + remedy;
  }
}
