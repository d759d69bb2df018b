package org.kotangent.ad;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Teaches {@link Tree} a kind of structure it does not know, such as Kotlin's data classes. Found
 * by {@link java.util.ServiceLoader}.
 */
public interface TreeAdapter {
  /**
   * A structure taken apart.
   *
   * @param kind what it is; structures of different kinds do not match
   * @param names the path element of each child; {@code [i]} for list positions
   * @param children the parts, in order
   * @param rebuild makes such a structure from other parts
   */
  record Opened(
      String kind,
      List<String> names,
      List<Object> children,
      Function<List<Object>, Object> rebuild) {}

  /** The value taken apart, or empty when it is not of the kind this adapter knows. */
  Optional<Opened> open(Object value);
}
