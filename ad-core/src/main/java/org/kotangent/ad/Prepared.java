package org.kotangent.ad;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A plan, what it was made from, and which tensors of the environment it reads.
 *
 * @param lifted the positions of those that follow the tensors of the argument as inputs
 * @param known those whose numbers the plan depends on, by their positions
 * @param only the environment nothing of which may change, if there is one
 * @param uses how often the plan was needed
 * @param next from which use on the function is to be looked at again
 */
record Prepared<R>(
    Plan plan,
    Program program,
    Tree<R> result,
    List<Integer> lifted,
    Map<Integer, Tensor> known,
    Optional<Environment> only,
    AtomicLong uses,
    AtomicLong next) {
  /** The plan of what was captured. */
  static <R> Prepared<R> of(
      Environment environment, Capture<R> capture, Optional<Environment> only) {
    Plan plan = Plan.of(capture.program());
    return of(plan, environment, capture, only, new AtomicLong(1), new AtomicLong(2));
  }

  /** The same plan in another environment, in which the function was found to do the same. */
  Prepared<R> in(Environment environment, Capture<R> same, Optional<Environment> only) {
    uses.incrementAndGet();
    looked();
    return of(plan, environment, same, only, uses, next);
  }

  private static <R> Prepared<R> of(
      Plan plan,
      Environment environment,
      Capture<R> capture,
      Optional<Environment> only,
      AtomicLong uses,
      AtomicLong next) {
    return new Prepared<>(
        plan,
        capture.program(),
        capture.result(),
        environment.positions(capture.lifted()),
        known(capture, environment),
        only,
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
    if (only.isPresent() && !only.get().agreesWith(environment)) {
      return Optional.empty();
    }
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

  /** Counts a use, and finds whether it is time to look at the function again. */
  boolean isDue() {
    return uses.incrementAndGet() >= next.get();
  }

  /** Notes that the function was looked at. */
  void looked() {
    next.accumulateAndGet(2 * uses.get(), Math::max);
  }

  /** In what a capture differs, apart from what the function closes over. */
  Optional<String> difference(Capture<R> later) {
    return later.difference(program, result);
  }

  /** In what a capture in the same environment differs. */
  Optional<String> difference(Capture<R> later, Environment environment) {
    return difference(later)
        .or(() ->
            lifted.equals(environment.positions(later.lifted()))
                ? Optional.empty()
                : Optional.of("other tensors among those that it closes over"));
  }
}
