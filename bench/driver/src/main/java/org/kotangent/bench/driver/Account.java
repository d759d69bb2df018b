package org.kotangent.bench.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was measured, for programs: seconds and bytes under names that stay. */
final class Account {
  private Account() {}

  /** The machine and the day. */
  static Map<String, Object> machine() throws IOException {
    var machine = new LinkedHashMap<String, Object>();
    machine.put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    machine.put("processors", Runtime.getRuntime().availableProcessors());
    machine.put("processor", processor());
    machine.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    machine.put("java", System.getProperty("java.vm.vendor") + " " + Runtime.version());
    return machine;
  }

  private static String processor() throws IOException {
    Path file = Path.of("/proc/cpuinfo");
    if (!Files.exists(file)) {
      return "unknown";
    }
    try (var lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    }
  }

  static Map<String, Object> of(Benchmark benchmark, List<Figure> figures, List<String> failures) {
    var result = new LinkedHashMap<String, Object>();
    result.put("name", benchmark.name());
    result.put("about", benchmark.about());
    result.put("failures", failures);
    result.put("figures", figures.stream().map(Account::of).toList());
    if (benchmark.name().equals("curves") && !figures.isEmpty()) {
      result.put("powers", Curve.powers(figures));
    }
    return result;
  }

  private static Map<String, Object> of(Figure figure) {
    var result = new LinkedHashMap<String, Object>();
    result.put("case", figure.row().label());
    result.put("contender", figure.entrant().name());
    result.put("peer", figure.entrant().peer());
    result.put("setting", figure.setting().name());
    result.put("unit", figure.row().isBytes() ? "bytes" : "seconds");
    result.put("median", figure.value());
    result.put("least", figure.least());
    result.put("rounds", figure.rounds());
    result.put("best-peer-ratio", figure.versusPeer());
    result.put("base-ratio", figure.overBase());
    result.put("heap-bytes", figure.allocated());
    result.put("heap-bytes-besides-results", figure.overhead());
    result.put("peak-bytes", figure.peak());
    if (!figure.entrant().peer()) {
      result.put("goals", figure.row().goals().stream().map(goal -> of(goal, figure)).toList());
    }
    return result;
  }

  private static Map<String, Object> of(Goal goal, Figure figure) {
    var result = new LinkedHashMap<String, Object>();
    result.put("text", goal.text());
    result.put("value", goal.value(figure));
    result.put("verdict", goal.verdict(figure));
    return result;
  }
}
