package org.kotangent.ad;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Structural equality and text of expressions whose parts are used many times, in time proportional
 * to the number of distinct nodes. Written out, sixty doublings are 2⁶⁰ terms.
 */
final class SharedExpr {
  private SharedExpr() {}

  /** Whether two expressions are the same when written out. */
  static boolean equal(Expr.Apply a, Expr.Apply b) {
    return equal(a, b, new IdentityHashMap<>());
  }

  /**
   * Nodes that have to be equal are merged into classes, and two of one class are not compared
   * again; so there are fewer comparisons than nodes. A pair may be merged before its operands have
   * been seen, because a single difference anywhere ends it all. Source: Hopcroft and Karp 1971.
   */
  @SuppressWarnings("ReferenceEquality") // Of one class or not; whether equal is the question.
  private static boolean equal(Expr a, Expr b, IdentityHashMap<Expr, Expr> merged) {
    if (!(a instanceof Expr.Apply x && b instanceof Expr.Apply y)) {
      return a.equals(b);
    }
    Expr p = representative(x, merged);
    Expr q = representative(y, merged);
    if (p == q) {
      return true;
    }
    if (x.op() != y.op()
        || x.hashCode() != y.hashCode()
        || x.operands().size() != y.operands().size()) {
      return false;
    }
    merged.put(p, q);
    for (int i = 0; i < x.operands().size(); i++) {
      if (!equal(x.operands().get(i), y.operands().get(i), merged)) {
        return false;
      }
    }
    return true;
  }

  private static Expr representative(Expr e, IdentityHashMap<Expr, Expr> merged) {
    Expr root = e;
    for (Expr next = merged.get(root); next != null; next = merged.get(root)) {
      root = next;
    }
    return root;
  }

  /** Such as {@code t0 = mul(x0, x0); add(t0, t0)}. */
  static String text(Expr.Apply e) {
    Set<Expr> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Set<Expr> shared = Collections.newSetFromMap(new IdentityHashMap<>());
    findShared(e, seen, shared);
    IdentityHashMap<Expr, String> names = new IdentityHashMap<>();
    StringBuilder definitions = new StringBuilder();
    String last = text(e, shared, names, definitions);
    return definitions + last;
  }

  private static void findShared(Expr e, Set<Expr> seen, Set<Expr> shared) {
    if (e instanceof Expr.Apply apply) {
      if (seen.add(e)) {
        apply.operands().forEach(o -> findShared(o, seen, shared));
      } else {
        shared.add(e);
      }
    }
  }

  private static String text(
      Expr e, Set<Expr> shared, IdentityHashMap<Expr, String> names, StringBuilder definitions) {
    if (!(e instanceof Expr.Apply apply)) {
      return e.toString();
    }
    String name = names.get(e);
    if (name != null) {
      return name;
    }
    String text =
        apply.operands().stream()
            .map(o -> text(o, shared, names, definitions))
            .collect(Collectors.joining(", ", apply.op().label() + "(", ")"));
    if (!shared.contains(e)) {
      return text;
    }
    name = "t" + names.size();
    names.put(e, name);
    definitions.append(name).append(" = ").append(text).append("; ");
    return name;
  }
}
