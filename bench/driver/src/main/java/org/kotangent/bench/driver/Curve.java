package org.kotangent.bench.driver;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How seconds grow with a size: t ∝ nᵖ, where p is the slope of ln t over ln n by least squares
 * over the larger half of the sizes, whose fixed costs matter least.
 */
record Curve(String name, List<Integer> sizes) {
  /** The largest p that is called linear. */
  static final double LINEAR = 1.15;

  static final List<Curve> ALL =
      List.of(
          new Curve("batch", List.of(16, 32, 64, 128, 256, 512)),
          new Curve("depth", List.of(4, 8, 16, 32, 64, 128)),
          new Curve("compile", List.of(4, 8, 16, 32, 64, 128)),
          new Curve("chain", List.of(1_000, 10_000, 100_000, 1_000_000)));

  static List<Case> cases() {
    return ALL.stream()
        .flatMap(c -> c.sizes().stream().map(n -> Case.measured("curves", c.name() + "/" + n)))
        .toList();
  }

  /** p of each curve by its name. */
  static Map<String, Double> powers(List<Figure> figures) {
    Map<String, Double> seconds =
        figures.stream().collect(Collectors.toMap(f -> f.row().label(), Figure::value));
    var powers = new LinkedHashMap<String, Double>();
    ALL.forEach(curve -> powers.put(curve.name(), curve.power(seconds)));
    return powers;
  }

  /** p, from the seconds by the label of the case. */
  private double power(Map<String, Double> seconds) {
    List<Integer> larger = sizes.subList(sizes.size() / 2 - 1, sizes.size());
    double[] x = larger.stream().mapToDouble(Math::log).toArray();
    double[] y = larger.stream().mapToDouble(n -> Math.log(seconds.get(label(n)))).toArray();
    double meanX = mean(x);
    double meanY = mean(y);
    double above =
        IntStream.range(0, x.length).mapToDouble(i -> (x[i] - meanX) * (y[i] - meanY)).sum();
    double below =
        IntStream.range(0, x.length).mapToDouble(i -> (x[i] - meanX) * (x[i] - meanX)).sum();
    return above / below;
  }

  private String label(int n) {
    return "curves/" + name + "/" + n;
  }

  private static double mean(double[] numbers) {
    return Arrays.stream(numbers).average().orElseThrow();
  }
}
