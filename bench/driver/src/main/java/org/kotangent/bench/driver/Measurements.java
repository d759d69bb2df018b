package org.kotangent.bench.driver;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that was measured: for each contender, setting, task and measure a number per round.
 */
final class Measurements {
  /** Where a number belongs. */
  record Key(String entrant, String setting, String task, String measure) {}

  private final Map<Key, List<Double>> numbers = new LinkedHashMap<>();

  void add(Entrant entrant, Setting setting, Child.Line line) {
    var key = new Key(entrant.name(), setting.name(), line.task(), line.measure());
    numbers.computeIfAbsent(key, k -> new ArrayList<>()).add(line.number());
  }

  /** The numbers of all rounds. */
  List<Double> rounds(Entrant entrant, Setting setting, String task, String measure) {
    return numbers.getOrDefault(new Key(entrant.name(), setting.name(), task, measure), List.of());
  }

  /** The median of the rounds, or NaN when there was none. */
  double median(Entrant entrant, Setting setting, String task, String measure) {
    double[] sorted =
        rounds(entrant, setting, task, measure).stream().mapToDouble(x -> x).sorted().toArray();
    return sorted.length == 0
        ? Double.NaN
        : (sorted[sorted.length / 2] + sorted[(sorted.length - 1) / 2]) / 2;
  }

  /** The contender's setting with the smallest median, if it has any number. */
  Optional<Setting> best(Entrant entrant, String task, String measure) {
    return entrant.settings().stream()
        .filter(s -> !rounds(entrant, s, task, measure).isEmpty())
        .min(Comparator.comparingDouble(s -> median(entrant, s, task, measure)));
  }
}
