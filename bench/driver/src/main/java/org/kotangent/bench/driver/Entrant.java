package org.kotangent.bench.driver;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A contender as the driver knows it. Its first setting is the one that is usually best.
 *
 * @param module the directory under {@code bench} that has its code and class path
 * @param type the class that does the tasks
 * @param peer true for everybody but ourselves
 * @param rounds the number of rounds that are worth waiting for
 */
record Entrant(
    String name, String module, String type, boolean peer, List<Setting> settings, int rounds) {
  private static final int OWN_WARM_UPS = 8;
  private static final String PEERS_COLLECTOR = "-XX:+UseParallelGC";

  /** As the launcher starts us. */
  private static final List<String> OWN_OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-Xms64m",
          "-XX:NewSize=32m",
          "-XX:SurvivorRatio=3",
          "--add-modules",
          "jdk.incubator.vector");

  private static final int ALL = Runtime.getRuntime().availableProcessors();

  static final Entrant KOTANGENT = own("kotangent", "Compiled");
  static final Entrant IN_PLACE = own("kotangent-in-place", "InPlace");
  static final Entrant FOLD = own("kotangent-fold", "TrainingFold");
  static final Entrant EAGER = own("kotangent-eager", "Eager");

  /** One thread pool spins and the other does not, because two that spin ruin each other. */
  static final Entrant PYTORCH =
      peer(
          "pytorch",
          "pytorch",
          "PyTorch",
          environment(ALL + " threads", "OMP_NUM_THREADS", ALL, "OPENBLAS_NUM_THREADS", 1),
          environment(
              ALL + " threads, passive",
              "OMP_WAIT_POLICY",
              "PASSIVE",
              "OMP_NUM_THREADS",
              ALL,
              "OPENBLAS_NUM_THREADS",
              ALL),
          environment("1 thread", "OMP_NUM_THREADS", 1, "OPENBLAS_NUM_THREADS", 1));

  static final Entrant OPENBLAS =
      peer(
          "openblas",
          "pytorch",
          "PyTorch",
          environment(ALL + " threads", "OPENBLAS_NUM_THREADS", ALL),
          environment("1 thread", "OPENBLAS_NUM_THREADS", 1));

  static final Entrant DJL =
      peer(
          "djl",
          "djl",
          "Djl",
          environment(ALL + " threads", "OMP_NUM_THREADS", ALL, "MKL_NUM_THREADS", ALL),
          environment("1 thread", "OMP_NUM_THREADS", 1, "MKL_NUM_THREADS", 1));

  static final Entrant DL4J =
      new Entrant(
          "dl4j",
          "dl4j",
          "org.kotangent.bench.dl4j.Dl4j",
          true,
          List.of(
              new Setting(
                  ALL + " threads",
                  Map.of("OMP_NUM_THREADS", Integer.toString(ALL)),
                  List.of(PEERS_COLLECTOR, "-Dorg.bytedeco.javacpp.platform.extension=-avx2"))),
          1);

  static final Entrant HIPPARCHUS =
      peer("hipparchus", "hipparchus", "Hipparchus", environment("1 thread"));

  private static Entrant own(String name, String type) {
    List<Setting> settings =
        threads().stream()
            .map(n ->
                with(
                    new Setting(n == 1 ? "1 thread" : n + " threads", Map.of(), OWN_OPTIONS),
                    List.of("-Dkotangent.threads=" + n)))
            .toList();
    var options = System.getenv().getOrDefault("KOTANGENT_JAVA_OPTS", "").strip();
    if (!options.isEmpty()) {
      settings = settings.stream().map(s -> with(s, Arrays.asList(options.split("\\s+")))).toList();
    }
    return new Entrant(
        name,
        "kotangent",
        "org.kotangent.bench.kotangent." + type,
        false,
        settings,
        Integer.MAX_VALUE);
  }

  private static Setting with(Setting setting, List<String> options) {
    var all = new ArrayList<>(setting.options());
    all.addAll(options);
    return new Setting(setting.name(), setting.environment(), all);
  }

  private static List<Integer> threads() {
    return ALL == 1 ? List.of(1) : List.of(ALL, 1);
  }

  private static Entrant peer(String name, String module, String type, Setting... settings) {
    String full = "org.kotangent.bench." + module + "." + type;
    return new Entrant(name, module, full, true, List.of(settings), Integer.MAX_VALUE);
  }

  private static Setting environment(String name, Object... variables) {
    var environment = new LinkedHashMap<String, String>();
    for (int i = 0; i < variables.length; i += 2) {
      environment.put(variables[i].toString(), variables[i + 1].toString());
    }
    return new Setting(name, environment, List.of(PEERS_COLLECTOR));
  }

  /** How many times the usual time it is warmed up: our kernels are compiled while they run. */
  int warmUps() {
    return peer ? 1 : OWN_WARM_UPS;
  }
}
