package org.kotangent.bench.driver;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.kotangent.bench.Task;

/** Whether two contenders computed the same. */
final class Agreement {
  private Agreement() {}

  /** A contender's results: for each task arrays by name. */
  static Map<String, Map<String, double[]>> read(Path file) throws IOException {
    var results = new LinkedHashMap<String, Map<String, double[]>>();
    try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      while (true) {
        String task;
        try {
          task = in.readUTF();
        } catch (EOFException e) {
          return results;
        }
        String name = in.readUTF();
        double[] numbers = new double[in.readInt()];
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] = in.readDouble();
        }
        results.computeIfAbsent(task, t -> new LinkedHashMap<>()).put(name, numbers);
      }
    }
  }

  /** What is wrong with a contender's results of a task, by the side of those to compare with. */
  static Optional<String> difference(
      String task, Map<String, double[]> got, Map<String, double[]> expected) {
    if (!got.keySet().equals(expected.keySet())) {
      return Optional.of("results " + got.keySet() + " for " + expected.keySet());
    }
    return got.keySet().stream()
        .flatMap(name -> {
          double bound = Task.of(task).tolerance();
          double distance = distance(got.get(name), expected.get(name));
          return distance <= bound // false for NaN
              ? Optional.<String>empty().stream()
              : Optional.of(
                  String.format(
                      Locale.ROOT,
                      "%s differs by %.1e of its largest number, allowed is %.0e",
                      name,
                      distance,
                      bound))
                  .stream();
        })
        .findFirst();
  }

  /** The largest difference, relative to the largest number. */
  private static double distance(double[] got, double[] expected) {
    if (got.length != expected.length) {
      return Double.POSITIVE_INFINITY;
    }
    double largest = Double.MIN_NORMAL;
    double difference = 0;
    for (int i = 0; i < got.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(got[i] - expected[i])); // NaN stays
    }
    return difference / largest;
  }
}
