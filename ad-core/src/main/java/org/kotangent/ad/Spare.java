package org.kotangent.ad;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Memory between the runs of an iteration: arrays that a run made and the next one reads for the
 * last time, and arrays that nobody reads any more.
 */
final class Spare {
  private final Map<Spec, Deque<Arr>> free = new HashMap<>();
  private Set<Object> givenUp = identities();

  private static Set<Object> identities() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  /** Whether an array of the argument may be written to once nothing reads it. */
  boolean isGivenUp(Arr array) {
    return givenUp.contains(array.data());
  }

  /** An array for a result, of any content. */
  Arr take(Spec spec) {
    Deque<Arr> known = free.get(spec);
    return known == null || known.isEmpty() ? Arr.allocate(spec) : known.removeFirst();
  }

  /** Looks at an argument: what it contains more than once is not given up. */
  void before(List<Tensor> inputs) {
    Set<Object> seen = identities();
    for (Tensor input : inputs) {
      if (!seen.add(input.array().data())) {
        givenUp.remove(input.array().data());
      }
    }
  }

  /** After a run: the arrays it was given and did not hand out are free, those it made follow. */
  void after(List<Tensor> inputs, List<Tensor> outputs, Set<Object> made) {
    Set<Object> used = identities();
    outputs.forEach(output -> used.add(output.array().data()));
    for (Tensor input : inputs) {
      Arr array = input.array();
      if (givenUp.remove(array.data()) && !used.contains(array.data())) {
        free.computeIfAbsent(array.spec(), s -> new ArrayDeque<>()).add(array);
      }
    }
    givenUp = made;
  }
}
