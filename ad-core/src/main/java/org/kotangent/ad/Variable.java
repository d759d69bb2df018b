package org.kotangent.ad;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A place whose content may change: a field that is not final, or what a container of the JDK or an
 * array holds. Two are equal if they are the same place.
 */
final class Variable {
  private static final Class<?> IMMUTABLE =
      Objects.requireNonNull(List.of().getClass().getEnclosingClass());

  private final Object owner;
  private final Optional<Field> field;

  private Variable(Object owner, Optional<Field> field) {
    this.owner = owner;
    this.field = field;
  }

  /**
   * A field.
   *
   * @param owner the object, or the class of a field that belongs to no object
   */
  static Variable field(Object owner, Field field) {
    return new Variable(owner, Optional.of(field));
  }

  /** All that a container holds. */
  static Variable content(Object container) {
    return new Variable(container, Optional.empty());
  }

  /** Whether an object is of those whose content is known without their fields. */
  static boolean isContainer(Object value) {
    if (value.getClass().getModule() != Object.class.getModule()) {
      return value.getClass().isArray();
    }
    return value.getClass().isArray()
        || value instanceof Collection
        || value instanceof Map
        || value instanceof Optional
        || value instanceof AtomicReference
        || value instanceof AtomicInteger
        || value instanceof AtomicLong
        || value instanceof AtomicBoolean;
  }

  /** Whether a container always holds what it holds. */
  static boolean isImmutable(Object container) {
    return container instanceof Optional || container.getClass().getEnclosingClass() == IMMUTABLE;
  }

  /** How many parts a container has. */
  static int size(Object container) {
    return switch (container) {
      case Collection<?> parts -> parts.size();
      case Map<?, ?> map -> 2 * map.size();
      default -> container.getClass().isArray() ? Array.getLength(container) : 1;
    };
  }

  /** What a container holds, keys of a map before their values. */
  static List<@Nullable Object> parts(Object container) {
    List<@Nullable Object> parts = new ArrayList<>();
    switch (container) {
      case Collection<?> values -> parts.addAll(values);
      case Map<?, ?> map ->
          map.forEach((key, value) -> {
            parts.add(key);
            parts.add(value);
          });
      case Optional<?> value -> parts.add(value.orElse(null));
      case AtomicReference<?> value -> parts.add(value.get());
      case AtomicInteger value -> parts.add(value.get());
      case AtomicLong value -> parts.add(value.get());
      case AtomicBoolean value -> parts.add(value.get());
      default -> {
        for (int i = 0; i < Array.getLength(container); i++) {
          parts.add(Array.get(container, i));
        }
      }
    }
    return parts;
  }

  /** What is there now: one value, or the parts of a container. */
  List<@Nullable Object> read() {
    return field.isEmpty() ? parts(owner) : Collections.singletonList(content(field.get()));
  }

  /** Whether what was read is still there: numbers and text by value, all else by identity. */
  boolean holds(List<@Nullable Object> value) {
    return field.isEmpty()
        ? isSame(value, parts(owner))
        : isSame(value.getFirst(), content(field.get()));
  }

  private @Nullable Object content(Field field) {
    try {
      return field.get(owner);
    } catch (IllegalAccessException e) {
      throw new AssertionError("it has been made accessible", e);
    }
  }

  /** Whether what was read at two times is the same. */
  static boolean isSame(List<@Nullable Object> before, List<@Nullable Object> now) {
    if (before.size() != now.size()) {
      return false;
    }
    for (int i = 0; i < now.size(); i++) {
      if (!isSame(before.get(i), now.get(i))) {
        return false;
      }
    }
    return true;
  }

  @SuppressWarnings("ReferenceEquality")
  private static boolean isSame(@Nullable Object before, @Nullable Object now) {
    return before == now || (before != null && isValue(before) && before.equals(now));
  }

  /** Whether an object is nothing but a number, a truth value or text. */
  static boolean isValue(Object object) {
    return (object instanceof Number && object.getClass().getPackageName().equals("java.lang"))
        || object instanceof Boolean
        || object instanceof Character
        || object instanceof String;
  }

  @Override
  @SuppressWarnings("ReferenceEquality")
  public boolean equals(@Nullable Object other) {
    return other instanceof Variable v && owner == v.owner && field.equals(v.field);
  }

  @Override
  public int hashCode() {
    return 31 * System.identityHashCode(owner) + field.hashCode();
  }

  /** Where it is. */
  @Override
  public String toString() {
    return field
        .map(f -> f.getDeclaringClass().getName() + "." + f.getName())
        .orElseGet(() -> "what a " + owner.getClass().getName() + " holds");
  }
}
