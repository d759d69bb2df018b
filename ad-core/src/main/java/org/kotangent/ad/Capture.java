package org.kotangent.ad;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a function does with arguments of one kind: a program without composites, and the structure
 * of the result. A function that depends on its argument alone, and on tensors that it closes over,
 * is captured alike each time, whatever objects it makes on the way.
 *
 * @param lifted the tensors that it closes over, which follow those of the argument as inputs
 * @param known those whose numbers were read, so that the program holds for these numbers alone
 */
record Capture<R>(Program program, Tree<R> result, List<Tensor> lifted, Set<Tensor> known) {

  /**
   * The function run once on symbolic values; nothing if it closes over values of an unfinished
   * derivation.
   *
   * @param tensors those that it closes over and that may be replaced by others
   */
  static <T, R> Optional<Capture<R>> of(
      Function<? super T, ? extends R> function, Tree<T> argument, List<Tensor> tensors) {
    try {
      return of(function, argument, tensors, true);
    } catch (UnknownNumberException | EscapedValueException e) {
      // It needs the numbers of what it closes over, or of its argument.
      return of(function, argument, tensors, false);
    }
  }

  private static <T, R> Optional<Capture<R>> of(
      Function<? super T, ? extends R> function,
      Tree<T> argument,
      List<Tensor> tensors,
      boolean symbolic) {
    Flat<T, R> flat = new Flat<>(function, argument);
    List<Spec> specs = argument.leaves().stream().map(Tensor::spec).toList();
    Lifting lifting = Lifting.of(tensors, symbolic);
    Program program = Program.trace(flat, specs, lifting);
    if (!program.captured().isEmpty()
        || lifting.known().stream().anyMatch(Traced.class::isInstance)) {
      return Optional.empty();
    }
    return Optional.of(
        new Capture<>(Opening.open(program), flat.result(), lifting.lifted(), lifting.known()));
  }

  /** The tensors that it closes over and uses in either way. */
  Set<Tensor> used() {
    return Stream.concat(lifted.stream(), known.stream()).collect(Collectors.toSet());
  }

  /** In what this capture differs from an earlier one, apart from which tensors are its inputs. */
  Optional<String> difference(Program before, Tree<?> resultBefore) {
    Optional<String> difference = new Comparison(before, program).difference();
    return difference.isPresent() || Likeness.alike(resultBefore.signature(), result.signature())
        ? difference
        : Optional.of("a result of another structure, " + result + " where it was " + resultBefore);
  }
}
