package org.kotangent.ad;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.IntStream;

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
      java.util.function.Function<List<Object>, Object> rebuild) {
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
    for (Object key : map.keySet()) {
      if (!(key instanceof String)) {
        throw Checks.tree(
            "tree",
            "keys of a map must be strings",
            key.getClass().getName(),
            "name the entries by strings");
      }
    }
    List<String> names = map.keySet().stream().map(String.class::cast).toList();
    return opened(
        "Map",
        names,
        new ArrayList<>(map.values()),
        c -> {
          Map<String, Object> rebuilt = new LinkedHashMap<>();
          for (int i = 0; i < names.size(); i++) {
            rebuilt.put(names.get(i), c.get(i));
          }
          return java.util.Collections.unmodifiableMap(rebuilt);
        });
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
