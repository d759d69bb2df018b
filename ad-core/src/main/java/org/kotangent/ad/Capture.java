package org.kotangent.ad;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a function does with arguments of one kind: a program without composites, and the structure
 * of the result. A function that depends on its argument alone is captured alike each time,
 * whatever objects it makes on the way.
 */
record Capture<R>(Program program, Tree<R> result) {

  /**
   * The function run once on symbolic values; nothing if it closes over values of an unfinished
   * derivation.
   */
  static <T, R> Optional<Capture<R>> of(
      Function<? super T, ? extends R> function, Tree<T> argument) {
    Flat<T, R> flat = new Flat<>(function, argument);
    List<Spec> specs = argument.leaves().stream().map(Tensor::spec).toList();
    Program program = Program.trace(flat, specs);
    return program.captured().isEmpty()
        ? Optional.of(new Capture<>(Opening.open(program), flat.result()))
        : Optional.empty();
  }

  /** In what the function differs when it is captured once more, if it does. */
  <T> Optional<String> difference(Function<? super T, ? extends R> function, Tree<T> argument) {
    try {
      return Capture.<T, R>of(function, argument)
          .map(this::difference)
          .orElse(Optional.of("a value of an unfinished derivation, which was none before"));
    } catch (Exception e) {
      return Optional.of("an exception where there was none: " + e);
    }
  }

  /** In what another capture differs, if it does. */
  Optional<String> difference(Capture<R> later) {
    Optional<String> difference = new Comparison(program, later.program).difference();
    return difference.isPresent() || Likeness.alike(result.signature(), later.result.signature())
        ? difference
        : Optional.of("a result of another structure, " + later.result + " where it was " + result);
  }
}
