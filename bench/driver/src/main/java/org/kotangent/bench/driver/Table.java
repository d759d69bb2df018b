package org.kotangent.bench.driver;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Prints what was measured for people. */
final class Table {
  private static final List<String> HEADER =
      List.of(
          "",
          "contender",
          "setting",
          "median",
          "least",
          "peer÷it",
          "it÷base",
          "heap",
          "peak",
          "goals");

  private final PrintStream out;

  Table(PrintStream out) {
    this.out = out;
  }

  /** A table for one benchmark, then what went wrong. */
  void print(Benchmark benchmark, List<Figure> figures, List<String> failures) {
    out.println();
    out.println(benchmark.name() + ": " + benchmark.about());
    var lines = new ArrayList<List<String>>();
    lines.add(HEADER);
    String label = "";
    for (Figure figure : figures) {
      lines.add(line(figure, figure.row().label().equals(label)));
      label = figure.row().label();
    }
    print(lines);
    if (benchmark.name().equals("curves") && !figures.isEmpty()) {
      printGrowth(figures);
    }
    failures.forEach(failure -> out.println("  FAILED: " + failure));
  }

  private static List<String> line(Figure figure, boolean sameRow) {
    boolean bytes = figure.row().isBytes();
    return List.of(
        sameRow ? "" : figure.row().label(),
        figure.entrant().name(),
        figure.setting().name(),
        bytes ? Format.bytes(figure.value()) : Format.seconds(figure.value()),
        Format.seconds(figure.least()),
        Format.ratio(figure.versusPeer()),
        Format.ratio(figure.overBase()),
        Format.bytes(figure.allocated()),
        Format.bytes(figure.peak()),
        figure.entrant().peer() || sameRow ? "" : goals(figure));
  }

  private static String goals(Figure figure) {
    return figure.row().goals().stream()
        .map(goal -> goal.text() + ": " + goal.verdict(figure))
        .collect(Collectors.joining("; "));
  }

  private void printGrowth(List<Figure> figures) {
    Curve.powers(figures)
        .forEach((name, power) ->
            out.printf(
                "  %s: seconds grow as its power %.2f%s%n",
                name, power, power <= Curve.LINEAR ? "" : ", more than linearly"));
  }

  private void print(List<List<String>> lines) {
    int columns = HEADER.size();
    int[] widths = new int[columns];
    for (int c = 0; c < columns; c++) {
      int column = c;
      boolean empty = lines.stream().skip(1).allMatch(line -> line.get(column).isEmpty());
      widths[c] =
          empty ? 0 : lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0);
    }
    for (List<String> line : lines) {
      var text = new StringBuilder(" ");
      for (int c = 0; c < columns; c++) {
        if (widths[c] > 0) {
          boolean left = c < 3 || c == columns - 1;
          String pad = " ".repeat(widths[c] - line.get(c).length());
          text.append(' ').append(left ? line.get(c) + pad : pad + line.get(c)).append(' ');
        }
      }
      out.println(text.toString().stripTrailing());
    }
  }
}
