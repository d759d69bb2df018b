package org.kotangent.ad;

import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A walk through what a function closes over, near things first: its fields, what they lead to, and
 * the static fields of Kotlin objects and of the class that a lambda expression is written in.
 *
 * <p>Fields of packages that are not open to this module are not seen, nor what a container of more
 * than a thousand parts holds, nor what lies beyond the first two thousand objects, 256 variables
 * or four thousand parts of containers.
 */
final class Exploration {
  private static final int MOST_OBJECTS = 2_048;
  private static final int MOST_VARIABLES = 256;
  private static final int MOST_PARTS = 1_024;
  private static final int MOST_PARTS_IN_ALL = 4_096;

  /** What follows the name of the class that a lambda expression is written in. */
  private static final String LAMBDA = "$$Lambda";

  /** A tensor, by its position among those that were met. */
  private record Leaf(int position, Spec spec) {}

  /** An object that was met before. */
  private record Again(int position) {}

  /** An object that is not looked into. */
  private record Closed(WeakIdentity object) {
    Closed(Object object) {
      this(new WeakIdentity(object));
    }
  }

  /** A variable that is left out. */
  private enum Unheeded {
    VARIABLE
  }

  /** An object, and the number of the variable that led to it, or −1. */
  private record Visit(Object object, int within) {}

  /**
   * How objects of a class are looked into.
   *
   * @param fields the fields that can be read
   * @param ofNoObject those that are static
   * @param hasMore whether there are fields that cannot be read
   * @param host the class whose static fields belong to it, too: that of a Kotlin object or the one
   *     that a lambda expression is written in
   */
  private record Layout(
      List<Field> fields, List<Field> ofNoObject, boolean hasMore, Optional<Class<?>> host) {
    static Layout of(Class<?> type) {
      List<Field> fields = new ArrayList<>();
      boolean hasMore = false;
      for (Class<?> c = type; c != null; c = c.getSuperclass()) {
        hasMore |= declared(c).isEmpty();
        for (Field field : declared(c).orElse(new Field[0])) {
          if (!Modifier.isStatic(field.getModifiers())) {
            hasMore |= !(field.trySetAccessible() && fields.add(field));
          }
        }
      }
      List<Field> ofNoObject =
          Arrays.stream(declared(type).orElse(new Field[0]))
              .filter(field -> Modifier.isStatic(field.getModifiers()))
              .filter(Field::trySetAccessible)
              .toList();
      return new Layout(fields, ofNoObject, hasMore, host(type));
    }

    private static Optional<Class<?>> host(Class<?> type) {
      if (isSingleton(type)) {
        return Optional.of(type);
      }
      int end = type.getName().indexOf(LAMBDA);
      if (!type.isHidden() || end < 0) {
        return Optional.empty();
      }
      try {
        String name = type.getName().substring(0, end);
        return Optional.of(Class.forName(name, false, type.getClassLoader()));
      } catch (ClassNotFoundException | LinkageError e) {
        return Optional.empty();
      }
    }

    /** Whether it is that of a Kotlin object, whose fields are static. */
    private static boolean isSingleton(Class<?> type) {
      return Arrays.stream(declared(type).orElse(new Field[0]))
          .anyMatch(field ->
              Modifier.isStatic(field.getModifiers())
                  && field.getName().equals("INSTANCE")
                  && field.getType() == type);
    }

    /** Nothing if the type of a field is missing. */
    private static Optional<Field[]> declared(Class<?> type) {
      try {
        return Optional.of(type.getDeclaredFields());
      } catch (LinkageError e) {
        return Optional.empty();
      }
    }
  }

  private static final ClassValue<Layout> LAYOUTS =
      new ClassValue<>() {
        @Override
        protected Layout computeValue(Class<?> type) {
          return Layout.of(type);
        }
      };

  private final Predicate<Variable> heeded;
  private final List<@Nullable Object> structure = new ArrayList<>();
  private final IdentityHashMap<Object, Integer> objects = new IdentityHashMap<>();
  private final IdentityHashMap<Tensor, Integer> tensors = new IdentityHashMap<>();
  private final List<Tensor> met = new ArrayList<>();
  private final List<Variable> variables = new ArrayList<>();
  private final List<List<@Nullable Object>> values = new ArrayList<>();
  private final List<Integer> around = new ArrayList<>();
  private final List<BitSet> leading = new ArrayList<>();
  private final Deque<Visit> ahead = new ArrayDeque<>();
  private int parts;

  Exploration(Predicate<Variable> heeded) {
    this.heeded = heeded;
  }

  Environment from(Object function) {
    see(function, -1);
    while (!ahead.isEmpty()) {
      Visit visit = ahead.remove();
      enter(visit.object(), visit.within());
    }
    List<Environment.Reading> readings = new ArrayList<>();
    for (int v = 0; v < variables.size(); v++) {
      readings.add(new Environment.Reading(variables.get(v), values.get(v), leading.get(v)));
    }
    return new Environment(structure, met.stream().map(WeakReference::new).toList(), readings);
  }

  private void see(@Nullable Object value, int within) {
    switch (value) {
      case Tensor tensor -> {
        int position = position(tensor);
        lead(within, position);
        structure.add(new Leaf(position, tensor.spec()));
      }
      case Params params -> {
        structure.add(params.paths());
        params.tensors().forEach(tensor -> see(tensor, within));
      }
      case Compiled<?, ?> compiled -> see(compiled.function(), within);
      case Primitive primitive -> structure.add(new Closed(primitive));
      case Class<?> type -> structure.add(type);
      case null -> structure.add(null);
      default -> {
        if (Variable.isValue(value)) {
          structure.add(value);
        } else {
          meet(value, within);
        }
      }
    }
  }

  private void meet(Object object, int within) {
    Integer known = objects.get(object);
    if (known != null) {
      structure.add(new Again(known));
    } else if (objects.size() == MOST_OBJECTS) {
      structure.add(new Closed(object));
    } else {
      objects.put(object, objects.size());
      structure.add(object.getClass());
      ahead.add(new Visit(object, within));
    }
  }

  private int position(Tensor tensor) {
    Integer known = tensors.putIfAbsent(tensor, met.size());
    if (known == null) {
      met.add(tensor);
      return met.size() - 1;
    }
    return known;
  }

  private void lead(int within, int tensor) {
    for (int v = within; v >= 0; v = around.get(v)) {
      leading.get(v).set(tensor);
    }
  }

  private void enter(Object object, int within) {
    if (object instanceof Class<?> host) {
      LAYOUTS.get(host).ofNoObject().forEach(field -> look(field, host, within));
    } else if (Variable.isContainer(object)) {
      look(object, within);
    } else {
      Layout layout = LAYOUTS.get(object.getClass());
      layout.fields().forEach(field -> look(field, object, within));
      if (layout.hasMore()) {
        structure.add(new Closed(object));
      }
      layout.host().ifPresent(host -> meet(host, within));
    }
  }

  private void look(Field field, Object owner, int within) {
    Variable variable = Variable.field(owner, field);
    if (Modifier.isFinal(field.getModifiers())) {
      variable.read().forEach(value -> see(value, within));
    } else {
      look(variable, within);
    }
  }

  private void look(Object container, int within) {
    int size = Variable.size(container);
    if (size > MOST_PARTS || parts + size > MOST_PARTS_IN_ALL) {
      structure.add(new Closed(container));
      return;
    }
    parts += size;
    if (Variable.isImmutable(container)) {
      Variable.parts(container).forEach(value -> see(value, within));
    } else {
      look(Variable.content(container), within);
    }
  }

  private void look(Variable variable, int within) {
    if (variables.size() == MOST_VARIABLES || !heeded.test(variable)) {
      structure.add(Unheeded.VARIABLE);
      return;
    }
    int number = variables.size();
    List<@Nullable Object> value = variable.read();
    variables.add(variable);
    values.add(Variable.snapshot(value));
    around.add(within);
    leading.add(new BitSet());
    structure.add(value.size());
    value.forEach(part -> see(part, number));
  }
}
