package org.kotangent.ad;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Which axis of each tensor of a tree runs over the batch. One axis holds for all but the paths
 * that are given another one or none; a path stands for everything below it, and one that leads to
 * no tensor is an error where the axes are used.
 *
 * {@snippet :
 * BatchAxes.of(0).at("images", 1).without("weights")
 * }
 */
public final class BatchAxes {
  private final int axis;
  private final Map<String, OptionalInt> exceptions;

  private BatchAxes(int axis, Map<String, OptionalInt> exceptions) {
    this.axis = axis;
    this.exceptions = exceptions;
  }

  /** The same axis of every tensor; negative axes count from the end. */
  public static BatchAxes of(int axis) {
    return new BatchAxes(axis, Map.of());
  }

  /** These axes, but another one at and below the path. */
  public BatchAxes at(String path, int other) {
    return with(path, OptionalInt.of(other));
  }

  /** These axes, but at and below the path tensors that are the same for the whole batch. */
  public BatchAxes without(String path) {
    return with(path, OptionalInt.empty());
  }

  private BatchAxes with(String path, OptionalInt other) {
    Map<String, OptionalInt> all = new LinkedHashMap<>(exceptions);
    all.put(path, other);
    return new BatchAxes(axis, all);
  }

  /**
   * Requires that every path that is given an axis or none leads to a tensor.
   *
   * @throws TreeException when there is none at or below one
   */
  void requirePaths(Tree<?> tree) {
    exceptions.keySet().forEach(path -> tree.requireLeaf("vmap", "tensor", path));
  }

  /** The batch axis of a tensor counted from the front, or −1 where it has none. */
  int axis(String path, int rank) {
    OptionalInt chosen = OptionalInt.of(axis);
    int longest = -1;
    for (Map.Entry<String, OptionalInt> entry : exceptions.entrySet()) {
      if (TreePath.isAtOrBelow(path, entry.getKey()) && entry.getKey().length() > longest) {
        chosen = entry.getValue();
        longest = entry.getKey().length();
      }
    }
    if (chosen.isEmpty()) {
      return -1;
    }
    int given = chosen.getAsInt();
    int counted = given < 0 ? given + rank : given;
    if (counted < 0 || counted >= rank) {
      throw Checks.shape(
          "vmap",
          "every batched tensor needs its batch axis",
          TreePath.named(path) + ": " + rank + " axes, batch axis: " + given,
          "choose another axis, or none by BatchAxes.without");
    }
    return counted;
  }

  /** The size of the batch, on which all batched tensors of the tree must agree. */
  int size(Tree<?> tree) {
    int size = -1;
    String first = "";
    for (int i = 0; i < tree.leaves().size(); i++) {
      String path = tree.paths().get(i);
      Shape shape = tree.leaves().get(i).shape();
      int batch = axis(path, shape.rank());
      if (batch < 0) {
        continue;
      }
      int n = shape.dim(batch);
      if (size >= 0 && n != size) {
        throw Checks.shape(
            "vmap",
            "all batch axes must have one size",
            first + ": " + size + ", " + TreePath.named(path) + ": " + n,
            "make them equal, or exclude one by BatchAxes.without");
      }
      if (size < 0) {
        size = n;
        first = TreePath.named(path);
      }
    }
    if (size < 0) {
      throw Checks.shape(
          "vmap",
          "there must be a batch axis",
          "none for " + tree.paths().stream().map(TreePath::named).toList(),
          "give an argument one");
    }
    return size;
  }
}
