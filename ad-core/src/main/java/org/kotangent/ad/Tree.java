package org.kotangent.ad;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A structure of tensors taken apart: its leaves, their paths, and how to put it together again. A
 * tree is a tensor, a list, a map with string keys, a {@link Params}, a record or (with the Kotlin
 * DSL) a data class, nested in any way.
 *
 * <p>Leaves are the floating tensors. Whatever else there is, integer tensors included, belongs to
 * the structure: it is kept as it is and must be equal in two trees that are combined, an array in
 * its elements. A tensor in anything else that holds values, such as an array, a set or an {@link
 * java.util.Optional}, is an error.
 *
 * <p>Maps and {@link Params} with the same keys are the same structure: their entries are matched
 * by key. Leaves are in the order of the structure; those of a map that has none (one that is no
 * {@link java.util.SequencedMap}) in the order of its keys. A map is rebuilt in its own order.
 *
 * @param <T> the type of the structure
 */
public final class Tree<T> {
  private final Part root;
  private final Class<?> type;
  private final List<Tensor> leaves;
  private volatile @Nullable List<String> paths;

  private Tree(Part root, Class<?> type, List<Tensor> leaves) {
    this.root = root;
    this.type = type;
    this.leaves = List.copyOf(leaves);
  }

  /**
   * Takes a structure apart.
   *
   * @throws TreeException when a part is null, a tensor is in what is no tree, a map has a key that
   *     is not a string, or a record is not accessible; the message names the path
   */
  public static <T> Tree<T> of(T value) {
    return of(value, false);
  }

  /** Like {@link #of}, with tensors of every type as leaves. */
  static <T> Tree<T> ofTensors(T value) {
    return of(value, true);
  }

  /**
   * Takes a structure apart for a transformation that differentiates by its leaves.
   *
   * @throws DTypeException when there is none
   */
  static <T> Tree<T> differentiable(String transformation, T value) {
    Tree<T> tree = of(value);
    if (tree.leaves.isEmpty()) {
      throw tree.root instanceof Part.Static && !(value instanceof Tensor)
          ? Checks.dtype(
              transformation,
              "differentiates a tensor, list, map, Params, record or data class",
              value.getClass().getTypeName(),
              "make it one of these")
          : Checks.dtype(
              transformation,
              "differentiates floating tensors",
              ofTensors(value).specs(),
              "convert with to(DType.F32)");
    }
    return tree;
  }

  private static <T> Tree<T> of(T value, boolean all) {
    List<Tensor> leaves = new ArrayList<>();
    return new Tree<>(open(value, all, leaves, new ArrayList<>()), value.getClass(), leaves);
  }

  private static Part open(
      @Nullable Object value, boolean all, List<Tensor> leaves, List<String> place) {
    if (value == null) {
      throw Checks.tree(
          TreePath.named(TreePath.of(place)),
          "parts must not be null",
          "null",
          "leave the part out or use an empty list");
    }
    if (value instanceof Tensor tensor) {
      if (!all && !tensor.dtype().isFloating()) {
        return new Part.Static(tensor);
      }
      leaves.add(tensor);
      return new Part.Leaf(leaves.size() - 1);
    }
    Optional<TreeAdapter.Opened> opened = Structures.open(value);
    if (opened.isEmpty()) {
      if (Structures.holdsTensor(value)) {
        throw Checks.tree(
            TreePath.named(TreePath.of(place)),
            "a tensor may be in a list, a map, Params, a record or a data class only",
            value.getClass().getTypeName(),
            "use a List");
      }
      return new Part.Static(value);
    }
    TreeAdapter.Opened branch = opened.get();
    List<Part> children = new ArrayList<>(branch.names().size());
    for (int i = 0; i < branch.names().size(); i++) {
      place.addLast(branch.names().get(i));
      children.add(open(branch.children().get(i), all, leaves, place));
      place.removeLast();
    }
    return new Part.Branch(branch.kind(), branch.names(), children, branch.rebuild());
  }

  /**
   * Where each leaf is, such as {@code conv1.weight} or {@code layers[0].bias}; empty for a lone
   * tensor. A key of a map that has a dot or a bracket in it is quoted, as in {@code scale['a.b']};
   * the keys of {@link Params} are paths and stay as they are.
   */
  public List<String> paths() {
    List<String> known = paths;
    if (known == null) {
      List<String> found = new ArrayList<>(leaves.size());
      addPaths(root, "", found);
      known = List.copyOf(found);
      paths = known;
    }
    return known;
  }

  private static void addPaths(Part part, String path, List<String> paths) {
    switch (part) {
      case Part.Leaf leaf -> paths.add(path);
      case Part.Static constant -> {}
      case Part.Branch branch -> {
        for (int i = 0; i < branch.children().size(); i++) {
          addPaths(branch.children().get(i), TreePath.join(path, branch.names().get(i)), paths);
        }
      }
    }
  }

  /**
   * Requires a leaf at or below a path.
   *
   * @param what how a leaf of this tree is called
   */
  void requireLeaf(String op, String what, String path) {
    if (paths().stream().noneMatch(leaf -> TreePath.isAtOrBelow(leaf, path))) {
      throw Checks.tree(
          op,
          "there must be a " + what + " at or below the path",
          '"' + path + '"',
          "use one of " + paths());
    }
  }

  /** Type and shape of each leaf, with its path. */
  private String specs() {
    if (leaves.isEmpty()) {
      return root + " without any";
    }
    List<String> specs = new ArrayList<>();
    for (int i = 0; i < leaves.size(); i++) {
      String path = paths().get(i);
      specs.add((path.isEmpty() ? "" : path + ": ") + leaves.get(i).spec());
    }
    return String.join(", ", specs);
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
    return (T) rebuild(root, other);
  }

  private static Object rebuild(Part part, List<Tensor> leaves) {
    return switch (part) {
      case Part.Leaf leaf -> leaves.get(leaf.position());
      case Part.Static constant -> constant.value();
      case Part.Branch branch -> {
        List<Object> children = new ArrayList<>(branch.children().size());
        for (Part child : branch.children()) {
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
   * The leaves of another tree that has the same structure and leaves of the same type and shape,
   * in the order of this one.
   *
   * @throws TreeException when the structures differ, naming the first path where they do
   * @throws ShapeException when a leaf has another type or shape, naming its path
   */
  public List<Tensor> matching(String op, Tree<?> other) {
    List<Tensor> matched = new ArrayList<>(leaves.size());
    match(op, root, other, other.root, new ArrayList<>(), matched);
    for (int i = 0; i < leaves.size(); i++) {
      Spec mine = leaves.get(i).spec();
      Spec theirs = matched.get(i).spec();
      if (!mine.equals(theirs)) {
        throw Checks.shape(
            op,
            "leaves must have the same type and shape",
            TreePath.named(paths().get(i)) + ": " + mine + " and " + theirs,
            "make the two trees alike");
      }
    }
    return matched;
  }

  private static void match(
      String op, Part a, Tree<?> other, Part b, List<String> place, List<Tensor> matched) {
    if (!a.matches(b)) {
      throw Checks.tree(
          op,
          "the two trees must have the same structure",
          "at " + TreePath.named(TreePath.of(place)) + ": " + a + " and " + b,
          "make the two trees alike");
    }
    if (b instanceof Part.Leaf leaf) {
      matched.add(other.leaves.get(leaf.position()));
    }
    if (a instanceof Part.Branch x && b instanceof Part.Branch y) {
      List<Part> counterparts = x.counterparts(y);
      for (int i = 0; i < x.children().size(); i++) {
        place.addLast(x.names().get(i));
        match(op, x.children().get(i), other, counterparts.get(i), place, matched);
        place.removeLast();
      }
    }
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

  private static void sign(Part part, List<Object> signature) {
    switch (part) {
      case Part.Leaf leaf -> signature.add(leaf);
      case Part.Static constant -> signature.add(constant.frozen());
      case Part.Branch branch -> {
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
