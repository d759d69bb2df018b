package org.kotangent.ad;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Which operations of a program read each other's results, by index.
 *
 * @param sources the operations that each one reads from, each once
 * @param readers the operations that read from each one, each once, in their order
 */
record Links(List<int[]> sources, List<int[]> readers) {
  /** The links of a program. */
  static Links of(Program program) {
    List<int[]> sources = program.operations().stream().map(Links::sources).toList();
    int[] counts = new int[sources.size()];
    sources.forEach(from -> count(from, counts));
    List<int[]> readers = IntStream.of(counts).mapToObj(n -> new int[n]).toList();
    for (int k = counts.length - 1; k >= 0; k--) {
      for (int source : sources.get(k)) {
        readers.get(source)[--counts[source]] = k;
      }
    }
    return new Links(sources, readers);
  }

  private static int[] sources(Graph.Operation op) {
    return op.operands().stream()
        .filter(Graph.Result.class::isInstance)
        .mapToInt(v -> ((Graph.Result) v).operation())
        .distinct()
        .toArray();
  }

  private static void count(int[] from, int[] counts) {
    for (int source : from) {
      counts[source]++;
    }
  }

  /** The number of operations. */
  int size() {
    return sources.size();
  }
}
