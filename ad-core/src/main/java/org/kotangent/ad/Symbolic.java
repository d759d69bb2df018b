package org.kotangent.ad;

import org.jspecify.annotations.Nullable;

/** A value that is known by how it is computed, not yet by its numbers. */
final class Symbolic extends Traced {
  private final Spec spec;
  private final @Nullable Application origin;
  private final int output;

  private Symbolic(SymbolicLevel level, Spec spec, @Nullable Application origin, int output) {
    super(level);
    this.spec = spec;
    this.origin = origin;
    this.output = output;
  }

  /** A value to be supplied when the program is evaluated. */
  static Symbolic input(SymbolicLevel level, Spec spec) {
    return new Symbolic(level, spec, null, 0);
  }

  /** A result of an application. */
  static Symbolic result(SymbolicLevel level, Application origin, int output) {
    return new Symbolic(level, origin.results().get(output), origin, output);
  }

  /** What computes it; null for an input. */
  @Nullable Application origin() {
    return origin;
  }

  /** Which result of that it is. */
  int output() {
    return output;
  }

  @Override
  public Spec spec() {
    return spec;
  }

  @Override
  Arr array() {
    throw new UnknownNumberException(
        Checks.message(
            "capture",
            "while a graph is captured a value has no number yet and cannot steer control flow",
            "a request for the number of a symbolic " + spec,
            "choose with where, loop with scan, or compute it before the capture"));
  }
}
