package org.kotangent.ad;

import java.lang.ref.WeakReference;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a function closes over at one time: tensors are values to compute with, all else is
 * structure, as in a tree. Two environments are equal if they have the same structure and tensors
 * of the same types and shapes, of which the same are one and the same. It keeps nothing from being
 * collected that the function no longer closes over.
 */
final class Environment {
  /**
   * What a variable held.
   *
   * @param value a snapshot of that
   * @param tensors the positions of the tensors that it led to
   */
  record Reading(Variable variable, List<@Nullable Object> value, BitSet tensors) {
    boolean isCurrent() {
      return variable.holds(value);
    }

    boolean isSame(@Nullable Reading other) {
      return other != null && value.equals(other.value);
    }
  }

  private final List<@Nullable Object> structure;
  private final List<WeakReference<Tensor>> tensors;
  private final List<Reading> readings;
  private final int hash;

  Environment(
      List<@Nullable Object> structure,
      List<WeakReference<Tensor>> tensors,
      List<Reading> readings) {
    this.structure = structure;
    this.tensors = tensors;
    this.readings = readings;
    this.hash = structure.hashCode();
  }

  /**
   * What a function closes over now.
   *
   * @param heeded which variables are looked at
   */
  static Environment of(Object function, Predicate<Variable> heeded) {
    return new Exploration(heeded).from(function);
  }

  /** The tensor at a position, if it is still there. */
  Optional<Tensor> tensor(int position) {
    return Optional.ofNullable(tensors.get(position).get());
  }

  /** Those that a variable leads to; the others are there for good. */
  List<Tensor> replaceable() {
    BitSet positions = new BitSet();
    readings.forEach(reading -> positions.or(reading.tensors()));
    return positions.stream().boxed().flatMap(position -> tensor(position).stream()).toList();
  }

  /** Whether all of the tensors are among its own. */
  boolean contains(List<Tensor> some) {
    return positions(some).stream().allMatch(Objects::nonNull);
  }

  /** Where some of its tensors are among them. */
  List<Integer> positions(List<Tensor> some) {
    IdentityHashMap<Tensor, Integer> positions = new IdentityHashMap<>();
    for (int i = 0; i < tensors.size(); i++) {
      int position = i;
      tensor(i).ifPresent(tensor -> positions.put(tensor, position));
    }
    return some.stream().map(positions::get).toList();
  }

  /** Whether all variables hold what they held. */
  boolean isCurrent() {
    for (Reading reading : readings) {
      if (!reading.isCurrent()) {
        return false;
      }
    }
    return true;
  }

  /** The variables that were read. */
  Set<Variable> variables() {
    return byVariable().keySet();
  }

  /** Whether the variables that were read here and there held the same. */
  @SuppressWarnings("ReferenceEquality") // It usually is the same, which need not be compared.
  boolean agreesWith(Environment other) {
    return this == other || changes(other).isEmpty();
  }

  /** The variables that held something else before. */
  Set<Variable> changes(Environment before) {
    Map<Variable, Reading> known = before.byVariable();
    return variables(reading ->
        known.containsKey(reading.variable()) && !reading.isSame(known.get(reading.variable())));
  }

  /** The variables that led to some of the given tensors. */
  Set<Variable> leadingTo(Set<Tensor> some) {
    BitSet positions = new BitSet();
    for (int i = 0; i < tensors.size(); i++) {
      positions.set(i, tensor(i).filter(some::contains).isPresent());
    }
    return variables(reading -> reading.tensors().intersects(positions));
  }

  private Set<Variable> variables(Predicate<Reading> which) {
    return readings.stream().filter(which).map(Reading::variable).collect(Collectors.toSet());
  }

  private Map<Variable, Reading> byVariable() {
    return readings.stream().collect(Collectors.toMap(Reading::variable, reading -> reading));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Environment e
        && (this == e || (hash == e.hash && structure.equals(e.structure)));
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
