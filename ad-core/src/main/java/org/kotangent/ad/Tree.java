package org.kotangent.ad;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A structure of tensors taken apart: its leaves, their paths, and how to put it together again. A
 * tree is a tensor, a list, a map with string keys, a {@link Params}, a record or (with the Kotlin
 * DSL) a data class, nested in any way.
 *
 * <p>Leaves are the floating tensors. Whatever else there is, integer tensors included, belongs to
 * the structure: it is kept as it is and must be equal in two trees that are combined.
 *
 * @param <T> the type of the structure
 */
public final class Tree<T> {
  private sealed interface Node {}

  private record Leaf() implements Node {}

  private record Static(Object value) implements Node {}

  private record Branch(
      String kind, List<String> names, List<Node> children, Function<List<Object>, Object> rebuild)
      implements Node {}

  private static final Leaf LEAF = new Leaf();

  private final Node root;
  private final Class<?> type;
  private final List<Tensor> leaves;

  private Tree(Node root, Class<?> type, List<Tensor> leaves) {
    this.root = root;
    this.type = type;
    this.leaves = List.copyOf(leaves);
  }

  /**
   * Takes a structure apart.
   *
   * @throws TreeException when a part is null, a map has a key that is not a string, or a record is
   *     not accessible; the message names the path
   */
  public static <T> Tree<T> of(T value) {
    return of(value, false);
  }

  /** Like {@link #of}, with tensors of every type as leaves. */
  static <T> Tree<T> ofTensors(T value) {
    return of(value, true);
  }

  private static <T> Tree<T> of(T value, boolean all) {
    List<Tensor> leaves = new ArrayList<>();
    return new Tree<>(open(value, all, leaves, new ArrayList<>()), value.getClass(), leaves);
  }

  private static Node open(
      @Nullable Object value, boolean all, List<Tensor> leaves, List<String> place) {
    if (value == null) {
      throw Checks.tree(
          named(join(place)),
          "parts must not be null",
          "null",
          "leave the part out or use an empty list");
    }
    if (value instanceof Tensor tensor) {
      if (!all && !tensor.dtype().isFloating()) {
        return new Static(tensor);
      }
      leaves.add(tensor);
      return LEAF;
    }
    Optional<TreeAdapter.Opened> opened = Structures.open(value);
    if (opened.isEmpty()) {
      return new Static(value);
    }
    TreeAdapter.Opened branch = opened.get();
    List<Node> children = new ArrayList<>(branch.names().size());
    for (int i = 0; i < branch.names().size(); i++) {
      place.addLast(branch.names().get(i));
      children.add(open(branch.children().get(i), all, leaves, place));
      place.removeLast();
    }
    return new Branch(branch.kind(), branch.names(), children, branch.rebuild());
  }

  private static String join(List<String> place) {
    String path = "";
    for (String name : place) {
      path = join(path, name);
    }
    return path;
  }

  private static String join(String path, String name) {
    return path.isEmpty() || name.startsWith("[") ? path + name : path + "." + name;
  }

  /** Whether a path is the given one or leads through it; the empty path leads to everything. */
  static boolean isAtOrBelow(String path, String prefix) {
    return prefix.isEmpty()
        || (path.startsWith(prefix)
            && (path.length() == prefix.length()
                || path.charAt(prefix.length()) == '.'
                || path.charAt(prefix.length()) == '['));
  }

  static String named(String path) {
    return path.isEmpty() ? "tree" : path;
  }

  /**
   * Where each leaf is, such as {@code conv1.weight} or {@code layers[0].bias}; empty for a lone
   * tensor.
   */
  public List<String> paths() {
    List<String> paths = new ArrayList<>(leaves.size());
    addPaths(root, "", paths);
    return List.copyOf(paths);
  }

  private static void addPaths(Node node, String path, List<String> paths) {
    switch (node) {
      case Leaf leaf -> paths.add(path);
      case Static constant -> {}
      case Branch branch -> {
        for (int i = 0; i < branch.children().size(); i++) {
          addPaths(branch.children().get(i), join(path, branch.names().get(i)), paths);
        }
      }
    }
  }

  /** The floating tensors, in the order of the structure. */
  public List<Tensor> leaves() {
    return leaves;
  }

  /**
   * The same structure with other leaves.
   *
   * @throws TreeException when their number differs
   */
  @SuppressWarnings("unchecked") // Every structure rebuilds to a value of its own kind.
  public T rebuild(List<Tensor> other) {
    if (other.size() != leaves.size()) {
      throw Checks.tree(
          "tree",
          "every leaf needs a value",
          other.size() + " for " + leaves.size() + " leaves",
          "give one tensor for each path");
    }
    return (T) rebuild(root, other.iterator());
  }

  private static Object rebuild(Node node, Iterator<Tensor> leaves) {
    return switch (node) {
      case Leaf leaf -> leaves.next();
      case Static constant -> constant.value();
      case Branch branch -> {
        List<Object> children = new ArrayList<>();
        for (Node child : branch.children()) {
          children.add(rebuild(child, leaves));
        }
        yield branch.rebuild().apply(children);
      }
    };
  }

  /** The same structure with a function applied to every leaf. */
  public T map(UnaryOperator<Tensor> f) {
    return rebuild(leaves.stream().map(f).toList());
  }

  /**
   * Requires that another tree has the same structure and leaves of the same type and shape.
   *
   * @throws TreeException when the structures differ, naming the first path where they do
   * @throws ShapeException when a leaf has another type or shape, naming its path
   */
  public void requireMatch(String op, Tree<?> other) {
    compare(op, root, other.root, new ArrayList<>());
    for (int i = 0; i < leaves.size(); i++) {
      Spec mine = leaves.get(i).spec();
      Spec theirs = other.leaves.get(i).spec();
      if (!mine.equals(theirs)) {
        throw Checks.shape(
            op,
            "leaves must have the same type and shape",
            named(paths().get(i)) + ": " + mine + " and " + theirs,
            "make the two trees alike");
      }
    }
  }

  private static void compare(String op, Node a, Node b, List<String> place) {
    boolean alike =
        switch (a) {
          case Leaf leaf -> b instanceof Leaf;
          case Static s -> b instanceof Static t && same(s.value(), t.value());
          case Branch x ->
              b instanceof Branch y && x.kind().equals(y.kind()) && x.names().equals(y.names());
        };
    if (!alike) {
      throw Checks.tree(
          op,
          "the two trees must have the same structure",
          "at " + named(join(place)) + ": " + describe(a) + " and " + describe(b),
          "make the two trees alike");
    }
    if (a instanceof Branch x && b instanceof Branch y) {
      for (int i = 0; i < x.children().size(); i++) {
        place.addLast(x.names().get(i));
        compare(op, x.children().get(i), y.children().get(i), place);
        place.removeLast();
      }
    }
  }

  /** Of tensors whose numbers are not known yet, type and shape are all there is to compare. */
  private static boolean same(Object a, Object b) {
    if (!(a instanceof Tensor s && b instanceof Tensor t)) {
      return Objects.equals(a, b);
    }
    return (s instanceof ArrayTensor && t instanceof ArrayTensor)
        ? s.contentEquals(t)
        : s.spec().equals(t.spec());
  }

  private static String describe(Node node) {
    return switch (node) {
      case Leaf leaf -> "a tensor";
      case Static s -> s.value().toString();
      case Branch b -> b.kind() + b.names();
    };
  }

  /**
   * What trees that can be combined have in common: structure, types and shapes; equal by value.
   */
  Object signature() {
    List<Object> signature = new ArrayList<>();
    sign(root, signature);
    leaves.forEach(t -> signature.add(t.spec()));
    return signature;
  }

  private static void sign(Node node, List<Object> signature) {
    switch (node) {
      case Leaf leaf -> signature.add(leaf);
      case Static constant -> signature.add(constant);
      case Branch branch -> {
        signature.add(branch.kind());
        signature.add(branch.names());
        branch.children().forEach(child -> sign(child, signature));
      }
    }
  }

  /** The type of the structure, its number of leaves and their paths. */
  @Override
  public String toString() {
    return type.getSimpleName() + paths();
  }
}
