package org.kotangent.ad;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
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
  private volatile long uses;
  private long wakes = FOREVER;
  private volatile boolean restless;
  private Optional<Environment> latest = Optional.empty();

  Surroundings(Object function) {
    this.function = function;
  }

  /** What the function closes over for another use. */
  Environment next() {
    boolean wakes;
    synchronized (this) {
      uses++;
      wakes = uses >= this.wakes;
    }
    return wakes ? explored() : now();
  }

  /** What the function closes over now. */
  Environment now() {
    Optional<Environment> known = latest();
    if (known.isPresent() && known.get().isCurrent()) {
      return known.get();
    }
    Environment found = explored();
    if (known.isEmpty() || !found.equals(known.get())) {
      return found;
    }
    Set<Variable> idle = found.changes(known.get());
    synchronized (this) {
      idle.removeAll(leading);
    }
    if (idle.isEmpty()) {
      return found;
    }
    rest(idle, AFTER_WALK);
    return explored();
  }

  /** The same with what is left alone for a while; what it no longer closes over is forgotten. */
  Environment all() {
    Set<Variable> left = variables(rest -> rest.until() == FOREVER);
    Environment all = Environment.of(function, variable -> !left.contains(variable));
    Set<Variable> present = all.variables();
    synchronized (this) {
      resting.keySet().removeIf(v -> !left.contains(v) && !present.contains(v));
      leading.retainAll(present);
    }
    return all;
  }

  /** What the function closes over now, which is all of it if nothing is left alone. */
  Environment heeded(Environment all) {
    synchronized (this) {
      if (resting.isEmpty()) {
        latest = Optional.of(all);
        return all;
      }
    }
    return now();
  }

  /** A walk, without a lock: it may have to wait for whoever changes a container. */
  private Environment explored() {
    Set<Variable> asleep = variables(rest -> rest.until() > uses);
    Environment found = Environment.of(function, variable -> !asleep.contains(variable));
    synchronized (this) {
      wakes =
          resting.values().stream()
              .mapToLong(Rest::until)
              .filter(until -> until > uses)
              .min()
              .orElse(FOREVER);
      latest = Optional.of(found);
    }
    return found;
  }

  private synchronized Optional<Environment> latest() {
    return latest;
  }

  private synchronized Set<Variable> variables(Predicate<Rest> which) {
    return resting.entrySet().stream()
        .filter(entry -> which.test(entry.getValue()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** Leaves variables alone that changed without effect, be it while they were left alone. */
  void rest(Set<Variable> variables) {
    Map<Variable, Rest> known;
    synchronized (this) {
      known = Map.copyOf(resting);
    }
    Set<Variable> all = new HashSet<>(variables);
    known.forEach((variable, rest) -> {
      if (rest.until() <= uses && !variable.holds(rest.value())) {
        all.add(variable);
      }
    });
    synchronized (this) {
      all.removeAll(leading);
    }
    rest(all, AFTER_CAPTURE);
  }

  private void rest(Set<Variable> variables, int most) {
    if (restless) {
      return;
    }
    for (Variable variable : variables) {
      List<@Nullable Object> value = Variable.snapshot(variable.read());
      synchronized (this) {
        Rest last = resting.get(variable);
        int length = last == null ? 2 : Math.min(2 * last.length(), most);
        resting.put(variable, new Rest(uses + length, length, value));
      }
    }
    forget();
  }

  private synchronized void forget() {
    latest = Optional.empty();
  }

  /** Looks at all variables again, since one of them may have an effect. */
  synchronized void wake() {
    resting.values().removeIf(rest -> rest.until() < FOREVER);
    forget();
  }

  /**
   * Never leaves variables alone that lead to what the function uses.
   *
   * @param others whether no other variable is left alone either, until this is called again
   */
  synchronized void heed(Set<Variable> variables, boolean others) {
    leading.addAll(variables);
    restless = others;
    resting.keySet().removeAll(variables);
    forget();
  }

  /** Leaves variables alone that the function itself changes. */
  synchronized void leave(Set<Variable> variables) {
    leading.removeAll(variables);
    variables.forEach(variable -> resting.put(variable, new Rest(FOREVER, 0, List.of())));
    forget();
  }
}
