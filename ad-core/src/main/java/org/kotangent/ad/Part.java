package org.kotangent.ad;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a structure of tensors; what they have in common with {@link Tree} is written there.
 */
sealed interface Part {
  /** Whether another part can be in this place, whatever is below. */
  boolean matches(Part other);

  /** A tensor to compute with, by its position among the leaves. */
  record Leaf(int position) implements Part {
    @Override
    public boolean matches(Part other) {
      return other instanceof Leaf;
    }

    @Override
    public String toString() {
      return "a tensor";
    }
  }

  /** Whatever else there is. Arrays are equal when their elements are. */
  record Static(Object value) implements Part {
    @Override
    public boolean matches(Part other) {
      return other instanceof Static s && alike(value, s.value);
    }

    /** Of tensors whose numbers are not known yet, type and shape are all there is to compare. */
    private static boolean alike(Object a, Object b) {
      if (!(a instanceof Tensor s && b instanceof Tensor t)) {
        return Objects.deepEquals(a, b);
      }
      return (s instanceof ArrayTensor && t instanceof ArrayTensor)
          ? s.contentEquals(t)
          : s.spec().equals(t.spec());
    }

    /** The same, which stays as it is when an array is changed. */
    Static frozen() {
      return new Static(copy(value));
    }

    private static Object copy(Object value) {
      if (value instanceof @Nullable Object[] elements) {
        @Nullable Object[] copy = elements.clone();
        Arrays.setAll(copy, i -> elements[i] == null ? null : copy(elements[i]));
        return copy;
      }
      if (!value.getClass().isArray()) {
        return value;
      }
      int length = Array.getLength(value);
      Object copy = Array.newInstance(value.getClass().getComponentType(), length);
      System.arraycopy(value, 0, copy, 0, length);
      return copy;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Static s && Objects.deepEquals(value, s.value);
    }

    @Override
    public int hashCode() {
      return Arrays.deepHashCode(new Object[] {value});
    }

    @Override
    public String toString() {
      String text = Arrays.deepToString(new Object[] {value});
      return text.substring(1, text.length() - 1);
    }
  }

  /** A structure of parts. */
  record Branch(
      String kind, List<String> names, List<Part> children, Function<List<Object>, Object> rebuild)
      implements Part {
    @Override
    public boolean matches(Part other) {
      return other instanceof Branch b
          && kind.equals(b.kind)
          && (names.equals(b.names)
              || (names.size() == b.names.size() && b.names.containsAll(names)));
    }

    /** The children of a branch that matches, in the order of this one. */
    List<Part> counterparts(Branch other) {
      if (names.equals(other.names)) {
        return other.children;
      }
      Map<String, Part> byName = new HashMap<>();
      for (int i = 0; i < names.size(); i++) {
        byName.put(other.names.get(i), other.children.get(i));
      }
      return names.stream().map(byName::get).toList();
    }

    @Override
    public String toString() {
      return kind + names;
    }
  }
}
