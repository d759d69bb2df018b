package org.kotangent.ad;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which tensors of an argument the tensors of a result do not depend on, so that their derivatives
 * are exactly zero. Prints as a table.
 *
 * @param unused for every floating tensor of the result, by path, the paths in the argument; the
 *     path of a lone tensor is empty
 */
public record Disconnected(Map<String, List<String>> unused) {

  /** Copies the map. */
  public Disconnected {
    Map<String, List<String>> copy = new LinkedHashMap<>();
    unused.forEach((result, arguments) -> copy.put(result, List.copyOf(arguments)));
    unused = Collections.unmodifiableMap(copy);
  }

  /** Whether every result depends on the whole argument. */
  public boolean isEmpty() {
    return unused.values().stream().allMatch(List::isEmpty);
  }

  /** The paths in the argument that no result depends on. */
  public List<String> everywhere() {
    List<String> common = new ArrayList<>();
    unused.values().stream().limit(1).forEach(common::addAll);
    unused.values().forEach(common::retainAll);
    return List.copyOf(common);
  }

  @Override
  public String toString() {
    int width = unused.keySet().stream().mapToInt(r -> label(r, "result").length()).max().orElse(0);
    List<String> lines = new ArrayList<>();
    lines.add(padded("result", width) + "does not depend on");
    unused.forEach((result, arguments) -> {
      List<String> labels = arguments.stream().map(a -> label(a, "argument")).toList();
      String text = labels.isEmpty() ? "—" : String.join(", ", labels);
      lines.add(padded(label(result, "result"), width) + text);
    });
    return String.join("\n", lines);
  }

  private static String label(String path, String lone) {
    return path.isEmpty() ? lone : path;
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(width, "result".length()) + 2 - text.length());
  }
}
