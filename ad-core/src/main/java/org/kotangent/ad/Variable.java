package org.kotangent.ad;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A place whose content may change: a field that is not final, or what a container of the JDK or an
 * array holds. Two are equal if they are the same place.
 */
final class Variable {
  private static final Class<?> IMMUTABLE =
      Objects.requireNonNull(List.of().getClass().getEnclosingClass());

  private final WeakIdentity owner;
  private final Optional<Field> field;

  private Variable(Object owner, Optional<Field> field) {
    this.owner = new WeakIdentity(owner);
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
    try {
      return switch (container) {
        case Collection<?> parts -> parts.size();
        case Map<?, ?> map -> 2 * map.size();
        default -> container.getClass().isArray() ? Array.getLength(container) : 1;
      };
    } catch (RuntimeException e) {
      return Integer.MAX_VALUE; // A view of what has changed since.
    }
  }

  /** What a container holds, keys of a map before their values. */
  static List<@Nullable Object> parts(Object container) {
    List<@Nullable Object> parts = new ArrayList<>();
    return forAll(container, parts::add) ? parts : List.of(container);
  }

  /** Whether all parts pass a test, in their order, and nobody changes them meanwhile. */
  private static boolean forAll(Object container, Predicate<@Nullable Object> test) {
    try {
      return switch (container) {
        case Collection<?> parts -> forEach(parts, test);
        case Map<?, ?> map -> forEach(map, test);
        case Optional<?> value -> test.test(value.orElse(null));
        case AtomicReference<?> value -> test.test(value.get());
        case AtomicInteger value -> test.test(value.get());
        case AtomicLong value -> test.test(value.get());
        case AtomicBoolean value -> test.test(value.get());
        case @Nullable Object[] parts -> forEach(Arrays.asList(parts), test);
        default -> test.test(new Part.Static(container).frozen());
      };
    } catch (RuntimeException e) {
      return false; // It is being changed, is a view of what was, or code of somebody else fails.
    }
  }

  private static boolean forEach(Collection<?> parts, Predicate<@Nullable Object> test) {
    for (Object part : parts) {
      if (!test.test(part)) {
        return false;
      }
    }
    return true;
  }

  private static boolean forEach(Map<?, ?> map, Predicate<@Nullable Object> test) {
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!test.test(entry.getKey()) || !test.test(entry.getValue())) {
        return false;
      }
    }
    return true;
  }

  /** What is there now: one value, or the parts of a container. */
  List<@Nullable Object> read() {
    Object object = owner.get();
    if (object == null) {
      return List.of();
    }
    return field.isEmpty()
        ? parts(object)
        : Collections.singletonList(content(field.get(), object));
  }

  /** Whether what was read is still there, of which there is a snapshot. */
  boolean holds(List<@Nullable Object> snapshot) {
    Object object = owner.get();
    if (object == null) {
      return false;
    }
    if (field.isPresent()) {
      return isSame(snapshot.getFirst(), content(field.get(), object));
    }
    if (snapshot.size() == 1 && snapshot.getFirst() instanceof Part.Static numbers) {
      return numbers.equals(new Part.Static(object));
    }
    Iterator<@Nullable Object> known = snapshot.iterator();
    return forAll(object, part -> known.hasNext() && isSame(known.next(), part))
        && !known.hasNext();
  }

  private static @Nullable Object content(Field field, Object object) {
    try {
      return field.get(object);
    } catch (IllegalAccessException e) {
      throw new AssertionError("it has been made accessible", e);
    } catch (ExceptionInInitializerError | NoClassDefFoundError e) {
      return null; // A static field of a class that cannot be initialized.
    }
  }

  /**
   * What was read, to be compared with what will be: numbers and text by value, all else by
   * identity. It keeps no object.
   */
  static List<@Nullable Object> snapshot(List<@Nullable Object> parts) {
    List<@Nullable Object> snapshot = new ArrayList<>(parts.size());
    parts.forEach(
        part -> snapshot.add(part == null || isValue(part) ? part : new WeakIdentity(part)));
    return snapshot;
  }

  private static boolean isSame(@Nullable Object before, @Nullable Object now) {
    return before instanceof WeakIdentity object ? object.is(now) : Objects.equals(before, now);
  }

  /** Whether an object is nothing but numbers, a truth value, text, a shape. */
  static boolean isValue(Object object) {
    return (object instanceof Number && object.getClass().getPackageName().equals("java.lang"))
        || object instanceof Boolean
        || object instanceof Character
        || object instanceof String
        || object instanceof Part.Static
        || object instanceof Shape
        || object instanceof Spec;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Variable v && owner.equals(v.owner) && field.equals(v.field);
  }

  @Override
  public int hashCode() {
    return 31 * owner.hashCode() + field.hashCode();
  }

  /** Where it is. */
  @Override
  public String toString() {
    return field
        .map(f -> f.getDeclaringClass().getName() + "." + f.getName())
        .orElse("what a container holds");
  }
}
