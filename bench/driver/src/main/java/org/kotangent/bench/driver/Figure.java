package org.kotangent.bench.driver;

import java.util.List;
import java.util.Optional;

/**
 * A contender's result in a case, in its best setting.
 *
 * @param value the median over the rounds, of their medians where a task was repeated
 * @param least the fastest repetition of all, NaN where there were none
 * @param versusPeer the best peer's value ÷ this one, NaN without a peer
 * @param overBase this value ÷ that of the base in the same processes, NaN without a base
 * @param allocated bytes of heap for an operation, NaN where it was not measured
 * @param overhead what is left of these without the results that the operation hands out
 * @param peak bytes of memory that were resident at most in the process, tasks before it included
 */
record Figure(
    Case row,
    Entrant entrant,
    Setting setting,
    double value,
    double least,
    List<Double> rounds,
    double versusPeer,
    double overBase,
    double allocated,
    double overhead,
    double peak) {

  /** The figures of a case, in the order of the contenders; those without a number are left out. */
  static List<Figure> of(Case row, List<Entrant> entrants, Measurements from) {
    double peer =
        entrants.stream()
            .filter(Entrant::peer)
            .flatMapToDouble(e ->
                from.best(e, row.task(), row.measure()).stream()
                    .mapToDouble(s -> from.median(e, s, row.task(), row.measure())))
            .min()
            .orElse(Double.NaN);
    return entrants.stream().flatMap(e -> of(row, e, from, peer).stream()).toList();
  }

  private static Optional<Figure> of(Case row, Entrant entrant, Measurements from, double peer) {
    String task = row.task();
    return from.best(entrant, task, row.measure())
        .map(setting -> {
          double value = from.median(entrant, setting, task, row.measure());
          double base =
              row.base()
                  .map(b -> from.median(entrant, setting, b, row.measure()))
                  .orElse(Double.NaN);
          double allocated = from.median(entrant, setting, task, "allocated");
          return new Figure(
              row,
              entrant,
              setting,
              value,
              from.rounds(entrant, setting, task, "least").stream()
                  .mapToDouble(x -> x)
                  .min()
                  .orElse(Double.NaN),
              from.rounds(entrant, setting, task, row.measure()),
              peer / value,
              value / base,
              allocated,
              allocated - from.median(entrant, setting, task, "results"),
              from.median(entrant, setting, task, "peak"));
        });
  }
}
