package org.kotangent.ad;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The plans of a function for arguments of one kind: one for each of the latest environments in
 * which it did something else.
 */
final class Versions<R> {
  private static final int KEPT = 4;

  /** How many captures are always allowed. */
  private static final int CAPTURES = 8;

  /** How many uses make up for a further one. */
  private static final int USES = 8;

  /** A plan, and the environment in which it was used last. */
  record Version<R>(Environment environment, Prepared<R> prepared) {}

  private final LinkedHashMap<Environment, Prepared<R>> prepared = new LinkedHashMap<>();
  private boolean abandoned;
  private long uses;
  private long captures;

  /** Counts a use of the function. */
  synchronized void use() {
    uses++;
  }

  /** The plan for an environment, if there is one. */
  synchronized Optional<Prepared<R>> find(Environment environment) {
    Optional<Prepared<R>> known = Optional.ofNullable(prepared.remove(environment));
    known.ifPresent(version -> prepared.put(environment, version));
    return known;
  }

  /** The plan that was used last, if there is one. */
  synchronized Optional<Version<R>> latest() {
    Map.Entry<Environment, Prepared<R>> last = prepared.lastEntry();
    return last == null
        ? Optional.empty()
        : Optional.of(new Version<>(last.getKey(), last.getValue()));
  }

  /** Keeps a plan; the one that was used least recently is forgotten. */
  synchronized void keep(Environment environment, Prepared<R> version) {
    prepared.remove(environment);
    prepared.put(environment, version);
    if (prepared.size() > KEPT) {
      prepared.pollFirstEntry();
    }
  }

  /** Forgets what was made without regard to some of the variables. */
  synchronized void forgetBlind(Set<Variable> variables) {
    prepared.keySet().removeIf(environment -> !environment.variables().containsAll(variables));
  }

  /** Counts a capture, and finds whether they are so many that plans are not worth it. */
  synchronized boolean isOneTooMany() {
    captures++;
    return captures > CAPTURES + uses / USES;
  }

  /** Has the function run as it is from now on. */
  synchronized void abandon() {
    abandoned = true;
    prepared.clear();
  }

  /** Whether the function runs as it is. */
  synchronized boolean areAbandoned() {
    return abandoned;
  }
}
