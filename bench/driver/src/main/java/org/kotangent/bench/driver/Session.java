package org.kotangent.bench.driver;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Runs groups of benchmarks. First every contender's results are compared; what differs is not
 * timed. Then rounds: in each, a process for every contender and setting does all tasks of the
 * group; after the first round a contender goes on with the settings that may be its best.
 */
final class Session {
  /** A setting that is so much slower than the best is left out. */
  private static final double HOPELESS = 1.2;

  private static final List<String> LOSSES = List.of("loss", "cold-loss", "warm-loss");
  private static final double ALIKE = 1.3;

  private final Child child;
  private final Pace pace;
  private final PrintStream log;
  private final Measurements measurements = new Measurements();
  private final Map<String, List<String>> failures = new LinkedHashMap<>();

  /** Rounds, and seconds for warming up and for measuring a task. */
  record Pace(int rounds, double warmUp, double length) {
    static final Pace USUAL = new Pace(3, 1.2, 0.6);
    static final Pace QUICK = new Pace(1, 0.6, 0.3);
  }

  Session(Child child, Pace pace, PrintStream log) {
    this.child = child;
    this.pace = pace;
    this.log = log;
  }

  Measurements measurements() {
    return measurements;
  }

  /** What went wrong with the benchmark of this name. */
  List<String> failures(String benchmark) {
    return failures.getOrDefault(benchmark, List.of());
  }

  boolean hasFailed() {
    return !failures.isEmpty();
  }

  /** Runs benchmarks of one group. */
  void run(List<Benchmark> group) throws IOException {
    Map<Entrant, Set<String>> tasks = tasks(group, Benchmark::tasks);
    compare(group).forEach(entrant -> tasks.put(entrant, Set.of()));
    var settings = new HashMap<Entrant, List<Setting>>();
    boolean every = group.getFirst().everySetting();
    tasks.keySet().forEach(e -> settings.put(e, every ? e.settings() : e.settings().subList(0, 1)));
    int rounds = Math.min(pace.rounds(), group.getFirst().rounds());
    for (int round = 0; round < rounds; round++) {
      for (var entry : tasks.entrySet()) {
        Entrant entrant = entry.getKey();
        if (round >= entrant.rounds() || entry.getValue().isEmpty()) {
          continue;
        }
        for (Setting setting : settings.get(entrant)) {
          log.printf(
              "%s: round %d of %d, %s, %s%n",
              group.getFirst().group(), round + 1, rounds, entrant.name(), setting.name());
          time(group, entrant, setting, entry.getValue());
        }
        settings.put(entrant, promising(entrant, settings.get(entrant), entry.getValue()));
      }
    }
    compareLosses(group, tasks);
  }

  private static Map<Entrant, Set<String>> tasks(
      List<Benchmark> group, Function<Benchmark, List<String>> of) {
    var tasks = new LinkedHashMap<Entrant, Set<String>>();
    for (Benchmark benchmark : group) {
      for (Entrant entrant : benchmark.entrants()) {
        tasks.computeIfAbsent(entrant, e -> new LinkedHashSet<>()).addAll(of.apply(benchmark));
      }
    }
    return tasks;
  }

  private void time(List<Benchmark> group, Entrant entrant, Setting setting, Set<String> tasks) {
    double share = group.getFirst().share();
    double warmUp = share * pace.warmUp() * entrant.warmUps();
    try {
      child
          .time(entrant, setting, warmUp, share * pace.length(), List.copyOf(tasks))
          .forEach(line -> measurements.add(entrant, setting, line));
    } catch (Child.Failure e) {
      fail(group, entrant, e.getMessage());
    }
  }

  /** Whole processes shuffle digits in ways of their own; their mean losses must be alike. */
  private void compareLosses(List<Benchmark> group, Map<Entrant, Set<String>> tasks) {
    for (String measure : LOSSES) {
      var losses = new LinkedHashMap<Entrant, Double>();
      tasks.forEach((entrant, names) ->
          names.forEach(task ->
              measurements
                  .best(entrant, task, measure)
                  .map(s -> measurements.median(entrant, s, task, measure))
                  .ifPresent(loss -> losses.put(entrant, loss))));
      double least = losses.values().stream().mapToDouble(x -> x).min().orElse(0);
      losses.forEach((entrant, loss) -> {
        if (!(loss <= ALIKE * least)) {
          fail(group, entrant, measure + " is " + loss + ", and " + least + " is the least");
        }
      });
    }
  }

  private List<Setting> promising(Entrant entrant, List<Setting> settings, Set<String> tasks) {
    return settings.stream()
        .filter(setting -> tasks.stream().anyMatch(task -> isPromising(entrant, setting, task)))
        .toList();
  }

  private boolean isPromising(Entrant entrant, Setting setting, String task) {
    double best =
        measurements
            .best(entrant, task, "median")
            .map(s -> measurements.median(entrant, s, task, "median"))
            .orElse(Double.NaN);
    return !(measurements.median(entrant, setting, task, "median") > HOPELESS * best);
  }

  /**
   * Compares with the first peer, or with the first contender where there is none. Returns those
   * that have failed; they are not timed.
   */
  private Set<Entrant> compare(List<Benchmark> group) throws IOException {
    var results = new LinkedHashMap<Entrant, Map<String, Map<String, double[]>>>();
    var failed = new LinkedHashSet<Entrant>();
    for (var entry : tasks(group, Benchmark::proofs).entrySet()) {
      Entrant entrant = entry.getKey();
      log.printf("%s: results of %s%n", group.getFirst().group(), entrant.name());
      Path file = Files.createTempFile("kotangent-bench", ".bin");
      try {
        child.check(entrant, file, List.copyOf(entry.getValue()));
        results.put(entrant, Agreement.read(file));
      } catch (Child.Failure e) {
        fail(group, entrant, e.getMessage());
        failed.add(entrant);
      } finally {
        Files.delete(file);
      }
    }
    var judges = new ArrayList<>(results.keySet());
    judges.sort((a, b) -> Boolean.compare(b.peer(), a.peer()));
    for (Entrant entrant : results.keySet()) {
      for (String task : results.get(entrant).keySet()) {
        Entrant judge =
            judges.stream().filter(e -> results.get(e).containsKey(task)).findFirst().orElseThrow();
        Agreement.difference(task, results.get(entrant).get(task), results.get(judge).get(task))
            .ifPresent(difference -> {
              String who = task + ": " + entrant.name() + " and " + judge.name();
              fail(group, entrant, who + " disagree: " + difference);
              failed.add(entrant);
            });
      }
    }
    return failed;
  }

  private void fail(List<Benchmark> group, Entrant entrant, String reason) {
    log.println("  failed: " + reason);
    for (Benchmark benchmark : group) {
      if (benchmark.entrants().contains(entrant)) {
        failures.computeIfAbsent(benchmark.name(), n -> new ArrayList<>()).add(reason);
      }
    }
  }
}
