package org.kotangent.ad;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;

/**
 * Named tensors, such as the parameters of a network: an ordered, immutable map from paths like
 * {@code conv1.weight} to tensors, and a vector space under {@code +}, {@code −} and multiplication
 * by numbers.
 */
public final class Params {
  private static final Params EMPTY = new Params(new LinkedHashMap<>());

  private final SequencedMap<String, Tensor> entries;

  private Params(SequencedMap<String, Tensor> entries) {
    this.entries = Collections.unmodifiableSequencedMap(entries);
  }

  /** No parameters. */
  public static Params of() {
    return EMPTY;
  }

  /** One parameter. */
  public static Params of(String path, Tensor tensor) {
    return EMPTY.with(path, tensor);
  }

  /** The parameters in the map's order. */
  public static Params of(Map<String, Tensor> entries) {
    return new Params(new LinkedHashMap<>(entries));
  }

  /**
   * The tensor at a path.
   *
   * @throws TreeException when there is none
   */
  public Tensor get(String path) {
    Tensor tensor = entries.get(path);
    if (tensor == null) {
      throw Checks.tree(
          "params", "there must be a tensor at the path", path, "use one of " + entries.keySet());
    }
    return tensor;
  }

  /** Whether there is a tensor at the path. */
  public boolean contains(String path) {
    return entries.containsKey(path);
  }

  /** The paths, in order. */
  public List<String> paths() {
    return List.copyOf(entries.keySet());
  }

  /** The tensors, in the order of the paths. */
  public List<Tensor> tensors() {
    return List.copyOf(entries.values());
  }

  /** The entries as a map, in order, that cannot be changed. */
  public Map<String, Tensor> toMap() {
    return entries;
  }

  /** Number of numbers in all tensors. */
  public long count() {
    return entries.values().stream().mapToLong(Tensor::size).sum();
  }

  /**
   * The entries below a path, which is cut off: {@code conv1.weight} under {@code conv1} is {@code
   * weight}.
   */
  public Params under(String path) {
    String prefix = path + ".";
    SequencedMap<String, Tensor> below = new LinkedHashMap<>();
    entries.forEach((p, t) -> {
      if (p.startsWith(prefix)) {
        below.put(p.substring(prefix.length()), t);
      }
    });
    return new Params(below);
  }

  /** The same entries moved below a path. */
  public Params prefixed(String path) {
    SequencedMap<String, Tensor> moved = new LinkedHashMap<>();
    entries.forEach((p, t) -> moved.put(path + "." + p, t));
    return new Params(moved);
  }

  /** These entries with one added or replaced. */
  public Params with(String path, Tensor tensor) {
    SequencedMap<String, Tensor> copy = new LinkedHashMap<>(entries);
    copy.put(path, tensor);
    return new Params(copy);
  }

  /** These entries followed by, or replaced by, those of the other. */
  public Params merge(Params other) {
    SequencedMap<String, Tensor> copy = new LinkedHashMap<>(entries);
    copy.putAll(other.entries);
    return new Params(copy);
  }

  /** The same paths with other tensors, in order. */
  Params withTensors(Collection<Tensor> tensors) {
    SequencedMap<String, Tensor> copy = new LinkedHashMap<>();
    var next = tensors.iterator();
    entries.keySet().forEach(path -> copy.put(path, next.next()));
    return new Params(copy);
  }

  /** A function applied to every tensor. */
  public Params map(UnaryOperator<Tensor> f) {
    return withTensors(entries.values().stream().map(f).toList());
  }

  /**
   * Sum, tensor by tensor, in the order of these paths.
   *
   * @throws TreeException when the paths differ
   */
  public Params plus(Params other) {
    return Trees.plus(this, other);
  }

  /**
   * Difference, tensor by tensor, in the order of these paths.
   *
   * @throws TreeException when the paths differ
   */
  public Params minus(Params other) {
    return Trees.minus(this, other);
  }

  /** Product with a number. */
  public Params times(double factor) {
    return Trees.times(this, factor);
  }

  /** Negative. */
  public Params unaryMinus() {
    return map(Tensor::unaryMinus);
  }

  /** Inner product over all tensors. */
  public Tensor dot(Params other) {
    return Trees.dot(this, other);
  }

  /** Euclidean norm over all tensors, √⟨p, p⟩, as a number. */
  public double norm() {
    return Math.sqrt(dot(this).item());
  }

  /** Whether the paths, in order, and the numbers are the same. */
  public boolean contentEquals(Params other) {
    List<Tensor> mine = tensors();
    List<Tensor> theirs = other.tensors();
    boolean equal = paths().equals(other.paths());
    for (int i = 0; equal && i < mine.size(); i++) {
      equal = mine.get(i).contentEquals(theirs.get(i));
    }
    return equal;
  }

  /** The spec at each path. */
  @Override
  public String toString() {
    Map<String, Spec> specs = new LinkedHashMap<>();
    entries.forEach((path, tensor) -> specs.put(path, tensor.spec()));
    return "Params" + specs;
  }
}
