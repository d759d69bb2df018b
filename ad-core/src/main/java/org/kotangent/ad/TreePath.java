package org.kotangent.ad;

import java.util.List;

/**
 * Where something is in a tree, as text: names joined by dots, positions and unusual keys in
 * brackets, such as {@code layers[0].bias} or {@code scale['a.b']}. Two places of a tree never have
 * the same path.
 */
final class TreePath {
  private TreePath() {}

  /** The path of a child. */
  static String join(String path, String name) {
    return path.isEmpty() || name.startsWith("[") ? path + name : path + "." + name;
  }

  static String of(List<String> place) {
    String path = "";
    for (String name : place) {
      path = join(path, name);
    }
    return path;
  }

  /** A key of a map as the name of a child: quoted where it could be taken for more than one. */
  static String name(String key) {
    boolean plain = !key.isEmpty() && key.indexOf('.') < 0 && key.indexOf('[') < 0;
    return plain ? key : "['" + key.replace("\\", "\\\\").replace("'", "\\'") + "']";
  }

  /** Whether a path is the given one or leads through it; the empty path leads to everything. */
  static boolean isAtOrBelow(String path, String prefix) {
    return prefix.isEmpty()
        || (path.startsWith(prefix)
            && (path.length() == prefix.length()
                || path.charAt(prefix.length()) == '.'
                || path.charAt(prefix.length()) == '['));
  }

  /** How a path is called in a message. */
  static String named(String path) {
    return path.isEmpty() ? "tree" : path;
  }
}
