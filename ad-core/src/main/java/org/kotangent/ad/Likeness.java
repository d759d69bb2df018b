package org.kotangent.ad;

import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Whether two values may be the same thing made twice. They are if they are equal, and also where
 * they differ in nothing but the identity of objects that know no other equality, such as the
 * functions that one lambda expression gives each time it is evaluated.
 */
final class Likeness {
  private Likeness() {}

  /** Whether two operations are of one kind and have parameters that are alike. */
  @SuppressWarnings("ReferenceEquality") // Most operations are made once and for all.
  static boolean alike(Primitive a, Primitive b) {
    return a == b
        || (a.getClass() == b.getClass()
            && a.name().equals(b.name())
            && alike(a.identity(), b.identity()));
  }

  /** Whether two values are alike. */
  static boolean alike(Object a, Object b) {
    if (Objects.deepEquals(a, b)) {
      return true;
    }
    if (a instanceof List<?> some && b instanceof List<?> others) {
      return some.size() == others.size()
          && IntStream.range(0, some.size()).allMatch(i -> alike(some.get(i), others.get(i)));
    }
    return a.getClass() == b.getClass()
        && !(a instanceof Expr)
        && !a.getClass().isArray()
        && (isKnownByIdentity(a) || alikeInFields(a, b));
  }

  private static boolean isKnownByIdentity(Object value) {
    try {
      return value.getClass().getMethod("equals", Object.class).getDeclaringClass() == Object.class;
    } catch (NoSuchMethodException e) {
      throw new AssertionError("every class has it", e);
    }
  }

  /** Whether values that are not equal are so in nothing but parts that are alike. */
  private static boolean alikeInFields(Object a, Object b) {
    for (Class<?> type = a.getClass(); type != Object.class; type = type.getSuperclass()) {
      if (!Arrays.stream(type.getDeclaredFields())
          .filter(field -> !Modifier.isStatic(field.getModifiers()))
          .allMatch(field -> alikeIn(field, a, b))) {
        return false;
      }
    }
    return true;
  }

  private static boolean alikeIn(Field field, Object a, Object b) {
    try {
      field.setAccessible(true);
      Object x = field.get(a);
      Object y = field.get(b);
      return Objects.equals(x, y) || (x != null && y != null && alike(x, y));
    } catch (InaccessibleObjectException | IllegalAccessException e) {
      return false; // It is a value, such as a number, and says itself what equals it.
    }
  }
}
