package org.kotangent.ad;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Takes apart the structures a tree is made of: parameters, lists, maps, records, and what adapters
 * know.
 */
final class Structures {
  private static final List<TreeAdapter> ADAPTERS =
      ServiceLoader.load(TreeAdapter.class, TreeAdapter.class.getClassLoader()).stream()
          .map(ServiceLoader.Provider::get)
          .toList();

  /** The names of the first places in a list. */
  private static final List<String> INDICES = makeIndices(100);

  private Structures() {}

  static Optional<TreeAdapter.Opened> open(Object value) {
    return switch (value) {
      case Params params ->
          opened(
              "Params",
              params.paths(),
              new ArrayList<>(params.tensors()),
              c -> params.withTensors(tensors(c)));
      case List<?> list ->
          opened("List", indices(list.size()), new ArrayList<>(list), List::copyOf);
      case Map<?, ?> map -> openMap(map);
      case Record record -> openRecord(record);
      default -> ADAPTERS.stream().flatMap(a -> a.open(value).stream()).findFirst();
    };
  }

  private static Optional<TreeAdapter.Opened> opened(
      String kind,
      List<String> names,
      List<Object> children,
      Function<List<Object>, Object> rebuild) {
    return Optional.of(new TreeAdapter.Opened(kind, names, children, rebuild));
  }

  private static List<Tensor> tensors(List<Object> children) {
    return children.stream().map(Tensor.class::cast).toList();
  }

  private static List<String> indices(int size) {
    return size <= INDICES.size() ? INDICES.subList(0, size) : makeIndices(size);
  }

  private static List<String> makeIndices(int size) {
    return IntStream.range(0, size).mapToObj(i -> "[" + i + "]").toList();
  }

  private static Optional<TreeAdapter.Opened> openMap(Map<?, ?> map) {
    List<String> own = new ArrayList<>(map.size());
    for (Object key : map.keySet()) {
      if (!(key instanceof String name)) {
        throw Checks.tree(
            "tree",
            "keys of a map must be strings",
            key == null ? "null" : key.getClass().getName(),
            "name the entries by strings");
      }
      own.add(name);
    }
    boolean ordered = map instanceof SequencedMap<?, ?>;
    List<String> keys = ordered ? own : own.stream().sorted().toList();
    List<Object> values = new ArrayList<>(keys.size());
    keys.forEach(key -> values.add(map.get(key)));
    return opened(
        "Map",
        keys.stream().map(TreePath::name).toList(),
        values,
        c -> {
          Map<String, Object> parts = new HashMap<>();
          for (int i = 0; i < c.size(); i++) {
            parts.put(keys.get(i), c.get(i));
          }
          SequencedMap<String, Object> rebuilt = new LinkedHashMap<>();
          own.forEach(key -> rebuilt.put(key, parts.get(key)));
          return ordered
              ? Collections.unmodifiableSequencedMap(rebuilt)
              : Collections.unmodifiableMap(rebuilt);
        });
  }

  /** Whether there is a tensor in a value that is a container of any kind. */
  static boolean holdsTensor(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case Tensor tensor -> true;
      case Object[] array -> holdsTensor(Arrays.asList(array));
      case Collection<?> parts -> parts.stream().anyMatch(Structures::holdsTensor);
      case Map<?, ?> map -> holdsTensor(map.values());
      case Map.Entry<?, ?> entry -> holdsTensor(entry.getValue());
      case Optional<?> part -> part.isPresent() && holdsTensor(part.get());
      default -> open(value).map(opened -> holdsTensor(opened.children())).orElse(false);
    };
  }

  /** How a record type is taken apart and put together: reflection is dear, so it is asked once. */
  private record RecordType(
      List<String> names, List<Method> accessors, Constructor<?> constructor) {
    static RecordType of(Class<?> type) throws ReflectiveOperationException {
      RecordComponent[] components = type.getRecordComponents();
      List<Method> accessors = Arrays.stream(components).map(RecordComponent::getAccessor).toList();
      accessors.forEach(accessor -> accessor.setAccessible(true));
      Constructor<?> constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      List<String> names = Arrays.stream(components).map(RecordComponent::getName).toList();
      return new RecordType(names, accessors, constructor);
    }
  }

  private static final ClassValue<RecordType> RECORD_TYPES =
      new ClassValue<>() {
        @Override
        protected RecordType computeValue(Class<?> type) {
          try {
            return RecordType.of(type);
          } catch (ReflectiveOperationException | RuntimeException e) {
            throw inaccessible(type, e);
          }
        }
      };

  private static Optional<TreeAdapter.Opened> openRecord(Record record) {
    RecordType type = RECORD_TYPES.get(record.getClass());
    List<Object> children = new ArrayList<>(type.accessors().size());
    try {
      for (Method accessor : type.accessors()) {
        children.add(accessor.invoke(record));
      }
    } catch (ReflectiveOperationException e) {
      throw inaccessible(record.getClass(), e);
    }
    return opened(
        record.getClass().getName(), type.names(), children, c -> construct(type.constructor(), c));
  }

  private static Object construct(Constructor<?> constructor, List<Object> arguments) {
    try {
      return constructor.newInstance(arguments.toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw inaccessible(constructor.getDeclaringClass(), e);
    }
  }

  private static TreeException inaccessible(Class<?> type, Exception cause) {
    TreeException exception =
        Checks.tree(
            "tree",
            "a record must be accessible to be taken apart",
            type.getName(),
            "add `opens "
                + type.getPackageName()
                + " to org.kotangent.ad;` to the module-info of "
                + type.getModule());
    exception.initCause(cause);
    return exception;
  }
}
