package dev.pare.spec;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a value lies in a record of records, as {@code prune.training.epochs}: it is read there,
 * and replaced in a copy.
 */
final class RecordPath {
  private record Step(Constructor<?> constructor, List<Method> accessors, int index) {}

  private final String name;
  private final List<Step> steps = new ArrayList<>();

  /**
   * @param root a record
   * @param name components from the root on, separated by dots
   * @throws IllegalArgumentException if the root has no such path
   */
  RecordPath(Class<?> root, String name) {
    this.name = name;
    Class<?> type = root;
    for (String component : name.split("\\.")) {
      Step step = step(type, component);
      steps.add(step);
      type = step.accessors.get(step.index).getReturnType();
    }
  }

  private static Step step(Class<?> type, String component) {
    RecordComponent[] components = type.isRecord() ? type.getRecordComponents() : null;
    if (components != null) {
      List<String> names = Arrays.stream(components).map(RecordComponent::getName).toList();
      int index = names.indexOf(component);
      if (index >= 0) {
        Class<?>[] types =
            Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
          return new Step(
              type.getDeclaredConstructor(types),
              Arrays.stream(components).map(RecordComponent::getAccessor).toList(),
              index);
        } catch (NoSuchMethodException e) {
          throw new IllegalStateException("a record has its constructor", e);
        }
      }
    }
    throw new IllegalArgumentException(type.getSimpleName() + " has no " + component);
  }

  /** The type of what has the rest of the path. */
  Class<?> first() {
    return steps.get(0).accessors.get(steps.get(0).index).getReturnType();
  }

  /** The rest of the path, within what is first on it. */
  RecordPath rest() {
    return new RecordPath(first(), name.substring(name.indexOf('.') + 1));
  }

  /** The value there. */
  @Nullable Object of(Object root) {
    Object value = root;
    for (Step step : steps) {
      value = call(step.accessors.get(step.index), value);
    }
    return value;
  }

  /**
   * A copy with other values, all exchanged at once: checks of records see none of them alone.
   *
   * @param changes by their paths, all within {@code root}
   */
  static <R extends Record> R copy(R root, Map<RecordPath, @Nullable Object> changes) {
    @SuppressWarnings("unchecked")
    R copy = (R) copy(root, changes, 0);
    return copy;
  }

  private static Object copy(Object record, Map<RecordPath, @Nullable Object> changes, int depth) {
    Step any = changes.keySet().iterator().next().steps.get(depth);
    @Nullable Object[] values = new @Nullable Object[any.accessors.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = call(any.accessors.get(i), record);
      Map<RecordPath, @Nullable Object> within = new LinkedHashMap<>();
      for (Map.Entry<RecordPath, @Nullable Object> change : changes.entrySet()) {
        RecordPath path = change.getKey();
        if (path.steps.get(depth).index == i) {
          if (path.steps.size() == depth + 1) {
            values[i] = change.getValue();
          } else {
            within.put(path, change.getValue());
          }
        }
      }
      if (!within.isEmpty()) {
        values[i] = copy(values[i], within, depth + 1);
      }
    }
    return make(any.constructor, values);
  }

  private static @Nullable Object call(Method accessor, @Nullable Object record) {
    try {
      return accessor.invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("an accessor of a public record", e);
    }
  }

  private static Object make(Constructor<?> constructor, @Nullable Object[] values) {
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException refused) {
        throw refused;
      }
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a constructor of a public record", e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
