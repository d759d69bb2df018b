package org.kotangent.bench.driver;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Maps, lists, strings, numbers and truth values as JSON text (RFC 8259); NaN becomes null. */
final class Json {
  private Json() {}

  static String text(Object value) {
    return text(value, "") + "\n";
  }

  private static String text(Object value, String indent) {
    String inner = indent + "  ";
    return switch (value) {
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(e -> inner + quoted(e.getKey().toString()) + ": " + text(e.getValue(), inner))
              .collect(Collectors.joining(",\n", "{\n", "\n" + indent + "}"));
      case List<?> list when list.isEmpty() -> "[]";
      case List<?> list when list.getFirst() instanceof Number ->
          list.stream().map(e -> text(e, "")).collect(Collectors.joining(", ", "[", "]"));
      case List<?> list ->
          list.stream()
              .map(e -> inner + text(e, inner))
              .collect(Collectors.joining(",\n", "[\n", "\n" + indent + "]"));
      case Double number -> Double.isFinite(number) ? number.toString() : "null";
      case Integer _, Boolean _ -> value.toString();
      default -> quoted(value.toString());
    };
  }

  private static String quoted(String text) {
    var quoted = new StringBuilder("\"");
    text.chars()
        .forEach(c -> {
          switch (c) {
            case '"', '\\' -> quoted.append('\\').append((char) c);
            case '\n' -> quoted.append("\\n");
            default -> quoted.append(c < ' ' ? String.format("\\u%04x", c) : Character.toString(c));
          }
        });
    return quoted.append('"').toString();
  }
}
