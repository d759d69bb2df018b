package org.kotangent.ad;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a function closes over, looked at for each of its uses. A variable that changes without
 * effect, such as a counter beside the function, is left alone for a while, which keeps the cost of
 * looking small: each time for twice as many uses as before, up to a thousand. One that the
 * function itself changes is left alone for good, one that leads to a tensor that the function uses
 * never.
 */
final class Surroundings {
  private static final long FOREVER = Long.MAX_VALUE;

  /** How long a variable is left alone at most when finding out took a walk. */
  private static final int AFTER_WALK = 128;

  /** The same when it took a capture. */
  private static final int AFTER_CAPTURE = 1_024;

  /** Up to which use a variable is left alone, for how many uses, and what it held. */
  private record Rest(long until, int length, List<@Nullable Object> value) {}

  private final Object function;
  private final Map<Variable, Rest> resting = new HashMap<>();
  private final Set<Variable> leading = new HashSet<>();
  private long uses;
  private long wakes = FOREVER;
  private @Nullable Environment latest;

  Surroundings(Object function) {
    this.function = function;
  }

  /** What the function closes over for another use. */
  synchronized Environment next() {
    uses++;
    return uses >= wakes ? explored() : now();
  }

  /** What the function closes over now. */
  synchronized Environment now() {
    Environment known = latest;
    if (known == null) {
      return explored();
    }
    if (known.isCurrent()) {
      return known;
    }
    Environment found = explored();
    Set<Variable> idle = found.changes(known);
    idle.removeAll(leading);
    if (idle.isEmpty() || !found.equals(known)) {
      return found;
    }
    rest(idle, AFTER_WALK);
    return explored();
  }

  /** The same with what is left alone for a while; what it no longer closes over is forgotten. */
  synchronized Environment all() {
    Environment all = Environment.of(function, variable -> !isLeft(variable));
    Set<Variable> present = all.variables();
    resting.keySet().removeIf(variable -> !isLeft(variable) && !present.contains(variable));
    leading.retainAll(present);
    return all;
  }

  private Environment explored() {
    Environment found = Environment.of(function, this::isHeeded);
    wakes =
        resting.values().stream()
            .mapToLong(Rest::until)
            .filter(until -> until > uses)
            .min()
            .orElse(FOREVER);
    latest = found;
    return found;
  }

  private boolean isHeeded(Variable variable) {
    Rest rest = resting.get(variable);
    return rest == null || rest.until() <= uses;
  }

  private boolean isLeft(Variable variable) {
    Rest rest = resting.get(variable);
    return rest != null && rest.until() == FOREVER;
  }

  /** Leaves variables alone that changed without effect, be it while they were left alone. */
  synchronized void rest(Set<Variable> variables) {
    Set<Variable> all = new HashSet<>(variables);
    resting.forEach((variable, rest) -> {
      if (rest.until() <= uses && !variable.holds(rest.value())) {
        all.add(variable);
      }
    });
    all.removeAll(leading);
    rest(all, AFTER_CAPTURE);
  }

  private void rest(Set<Variable> variables, int most) {
    for (Variable variable : variables) {
      Rest last = resting.get(variable);
      int length = last == null ? 2 : Math.min(2 * last.length(), most);
      resting.put(variable, new Rest(uses + length, length, Variable.snapshot(variable.read())));
    }
    latest = null;
  }

  /** Forgets that changes of variables had no effect, since they may have one. */
  synchronized void wake(Set<Variable> variables) {
    resting.keySet().removeAll(variables);
    latest = null;
  }

  /** Never leaves variables alone that lead to what the function uses. */
  synchronized void heed(Set<Variable> variables) {
    leading.addAll(variables);
    wake(variables);
  }

  /** Leaves variables alone that the function itself changes. */
  synchronized void leave(Set<Variable> variables) {
    leading.removeAll(variables);
    variables.forEach(variable -> resting.put(variable, new Rest(FOREVER, 0, List.of())));
    latest = null;
  }
}
