package org.kotangent.ad;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.kotangent.ad.NonFinite.Operand;
import org.kotangent.ad.NonFinite.Stage;

/**
 * A result that is not finite.
 *
 * @param order when it was computed
 * @param site by what
 * @param quantity what it is, in words
 * @param causes the results that are not finite and went into it
 * @param continued whether it is NaN already by the sum of what went into it
 */
record NonFiniteEvent(
    int order,
    Site site,
    Stage stage,
    String quantity,
    Arr result,
    List<Operand> operands,
    List<NonFiniteEvent> causes,
    boolean continued,
    String remedy) {

  /** Where the first number of an array is that is not finite, NaN before infinities; else −1. */
  static int first(Arr a) {
    int infinite = -1;
    if (!a.dtype().isFloating()) {
      return infinite;
    }
    for (int i = 0; i < a.size(); i++) {
      double number = a.get(i);
      if (Double.isNaN(number)) {
        return i;
      }
      if (infinite < 0 && Double.isInfinite(number)) {
        infinite = i;
      }
    }
    return infinite;
  }

  private boolean isNan() {
    return Double.isNaN(result.get(first(result)));
  }

  /** The earliest event that led to one of these, NaN before infinities. */
  static Optional<NonFinite> origin(List<NonFiniteEvent> ends) {
    List<NonFiniteEvent> nan = ends.stream().filter(NonFiniteEvent::isNan).toList();
    Set<NonFiniteEvent> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    ArrayDeque<NonFiniteEvent> pending = new ArrayDeque<>(nan.isEmpty() ? ends : nan);
    List<NonFiniteEvent> origins = new ArrayList<>();
    while (!pending.isEmpty()) {
      NonFiniteEvent event = pending.pop();
      if (seen.add(event)) {
        List<NonFiniteEvent> before = event.before();
        if (before.isEmpty()) {
          origins.add(event);
        }
        pending.addAll(before);
      }
    }
    return origins.stream()
        .min(Comparator.comparingInt(NonFiniteEvent::order))
        .map(NonFiniteEvent::report);
  }

  /** What made this not finite: NaN comes from NaN if it can. */
  private List<NonFiniteEvent> before() {
    if (!isNan()) {
      return causes;
    }
    List<NonFiniteEvent> nan = causes.stream().filter(NonFiniteEvent::isNan).toList();
    return nan.isEmpty() && continued ? causes : nan;
  }

  private NonFinite report() {
    int i = first(result);
    return new NonFinite(
        stage,
        quantity,
        site.operation(),
        site.index(),
        site.label(),
        operands,
        result.spec(),
        position(result.shape(), i),
        result.get(i),
        site.frame(),
        remedy);
  }

  /** The indices of element i along each axis. */
  static List<Integer> position(Shape shape, int i) {
    List<Integer> position = new ArrayList<>();
    for (int stride : shape.strides()) {
      position.add(i / stride);
      i %= stride;
    }
    return position;
  }
}
