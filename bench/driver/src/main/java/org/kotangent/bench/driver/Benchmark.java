package org.kotangent.bench.driver;

import java.util.List;
import java.util.stream.Stream;

/**
 * What one name on the command line stands for.
 *
 * @param group benchmarks of one group share processes
 * @param share of the usual time that a task gets
 * @param everySetting false where the usual setting of each contender must do
 * @param rounds that are worth waiting for
 * @param entrants ourselves first
 */
record Benchmark(
    String name,
    String group,
    String about,
    double share,
    boolean everySetting,
    int rounds,
    List<Entrant> entrants,
    List<Case> cases) {

  /** Tasks to do, bases included. */
  List<String> tasks() {
    return cases.stream()
        .flatMap(c -> Stream.concat(c.base().stream(), Stream.of(c.task())))
        .distinct()
        .toList();
  }

  /** Tasks whose results must be equal before any is timed. */
  List<String> proofs() {
    return cases.stream()
        .flatMap(c -> Stream.concat(c.base().stream(), Stream.of(c.proof())))
        .distinct()
        .toList();
  }
}
