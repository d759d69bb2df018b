package org.kotangent.ad;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * A plan, what it was made from, and which tensors of the environment it reads.
 *
 * @param lifted the positions of those that follow the tensors of the argument as inputs
 * @param known those whose numbers the plan depends on, by their positions
 * @param uses how often the plan was needed
 * @param next from which use on the function is to be captured again
 */
record Prepared<R>(
    Plan plan,
    Program program,
    Tree<R> result,
    List<Integer> lifted,
    Map<Integer, Tensor> known,
    AtomicLong uses,
    AtomicLong next) {
  static <R> Prepared<R> of(Capture<R> capture, Environment environment) {
    Plan plan = Plan.of(capture.program());
    return new Prepared<>(
        plan,
        capture.program(),
        capture.result(),
        environment.positions(capture.lifted()),
        known(capture, environment),
        new AtomicLong(1),
        new AtomicLong(2));
  }

  /** The same plan in another environment, in which the function was found to do the same. */
  Prepared<R> in(Environment environment, Capture<R> same) {
    looked(uses.incrementAndGet());
    return new Prepared<>(
        plan,
        program,
        result,
        environment.positions(same.lifted()),
        known(same, environment),
        uses,
        next);
  }

  private static Map<Integer, Tensor> known(Capture<?> capture, Environment environment) {
    List<Tensor> tensors = List.copyOf(capture.known());
    List<Integer> positions = environment.positions(tensors);
    Map<Integer, Tensor> known = new HashMap<>();
    for (int i = 0; i < tensors.size(); i++) {
      known.put(positions.get(i), tensors.get(i));
    }
    return known;
  }

  /** The inputs for an argument, unless tensors that were read have other numbers by now. */
  Optional<List<Tensor>> inputs(List<Tensor> leaves, Environment environment) {
    for (Map.Entry<Integer, Tensor> entry : known.entrySet()) {
      Optional<Tensor> now = environment.tensor(entry.getKey());
      if (now.isEmpty() || !isSame(entry.getValue(), now.get())) {
        return Optional.empty();
      }
    }
    if (lifted.isEmpty()) {
      return Optional.of(leaves);
    }
    List<Tensor> inputs = new ArrayList<>(leaves);
    for (int position : lifted) {
      environment.tensor(position).ifPresent(inputs::add);
    }
    boolean complete = inputs.size() == leaves.size() + lifted.size();
    return complete ? Optional.of(inputs) : Optional.empty();
  }

  @SuppressWarnings("ReferenceEquality") // It usually is the same, which need not be compared.
  private static boolean isSame(Tensor known, Tensor now) {
    return known == now || (now instanceof ArrayTensor && known.contentEquals(now));
  }

  /** In what a capture differs, apart from what the function closes over. */
  Optional<String> difference(Capture<R> later) {
    return later.difference(program, result);
  }

  /** In what the function differs, if it is time to look at it again and it does. */
  <T> Optional<String> difference(
      Function<? super T, ? extends R> function, Tree<T> argument, Environment environment) {
    long use = uses.incrementAndGet();
    if (use < next.get()) {
      return Optional.empty();
    }
    Optional<String> difference;
    try {
      difference =
          Capture.<T, R>of(function, argument, environment.replaceable())
              .map(later -> difference(later).or(() -> differenceOfInputs(later, environment)))
              .orElse(Optional.of("a value of an unfinished derivation, which was none before"));
    } catch (Exception e) {
      difference = Optional.of("an exception where there was none: " + e);
    }
    if (difference.isEmpty()) {
      looked(use);
    }
    return difference;
  }

  private Optional<String> differenceOfInputs(Capture<R> later, Environment environment) {
    return lifted.equals(environment.positions(later.lifted()))
        ? Optional.empty()
        : Optional.of("other tensors among those that it closes over");
  }

  private void looked(long use) {
    next.accumulateAndGet(2 * use, Math::max);
  }
}
