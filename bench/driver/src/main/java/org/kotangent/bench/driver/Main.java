package org.kotangent.bench.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Measures ourselves and the peers: {@code ./kotangent bench [name…] [--json FILE] [--data DIR]
 * [--quick] [--list]}. The exit code is 1 when a contender failed or computed something else than
 * the others, and 2 for wrong usage.
 */
public final class Main {
  private Main() {}

  /** Runs the benchmarks that are named, or all. */
  public static void main(String[] args) throws IOException {
    Path root = Path.of(System.getProperty("kotangent.root"));
    try {
      Options options = Options.parse(root, args);
      List<Benchmark> chosen = options.chosen(Catalogue.all());
      if (options.list()) {
        chosen.forEach(b -> System.out.printf("%-22s%s%n", b.name(), b.about()));
      } else if (!run(root, options, chosen)) {
        System.exit(1);
      }
    } catch (Options.Misuse e) {
      System.err.println("kotangent bench: " + e.getMessage());
      System.exit(2);
    }
  }

  /** True when all went well. */
  private static boolean run(Path root, Options options, List<Benchmark> chosen)
      throws IOException {
    System.err.println(
        "digits: " + options.data().map(Path::toString).orElse("made up, for want of --data DIR"));
    Session.Pace pace = options.quick() ? Session.Pace.QUICK : Session.Pace.USUAL;
    var session = new Session(new Child(root, options.data()), pace, System.err);
    var records = new ArrayList<Map<String, Object>>();
    Map<String, List<Benchmark>> groups =
        chosen.stream()
            .collect(
                Collectors.groupingBy(Benchmark::group, LinkedHashMap::new, Collectors.toList()));
    for (List<Benchmark> group : groups.values()) {
      session.run(group);
      for (Benchmark benchmark : group) {
        List<Figure> figures =
            benchmark.cases().stream()
                .flatMap(c -> Figure.of(c, benchmark.entrants(), session.measurements()).stream())
                .toList();
        List<String> failures = session.failures(benchmark.name());
        new Table(System.out).print(benchmark, figures, failures);
        records.add(Account.of(benchmark, figures, failures));
      }
      if (options.json().isPresent()) { // after each group, so that a run may be cut short
        Files.writeString(options.json().get(), Json.text(all(options, records)));
      }
    }
    return !session.hasFailed();
  }

  private static Map<String, Object> all(Options options, List<Map<String, Object>> records)
      throws IOException {
    var all = new LinkedHashMap<String, Object>();
    all.put("machine", Account.machine());
    all.put("digits", options.data().isPresent() ? "MNIST" : "made up");
    all.put("benchmarks", records);
    return all;
  }
}
