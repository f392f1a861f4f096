package dev.pare.candidate;

import static java.util.Objects.requireNonNull;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One spelling for a settings record: its type's name under {@code "is"}, its components sorted by
 * name, no white space, and numbers as Java prints them. Every component takes part, so that no
 * setting can be forgotten in a key; a {@link LaterSetting} does unless it goes without saying.
 * What has a {@link KeyName} goes by that.
 */
final class CanonicalJson {
  private record Component(String name, Method accessor, boolean later) {}

  /** By name. Reflection finds them anew each time, and plans ask for millions. */
  private static final ClassValue<List<Component>> COMPONENTS =
      new ClassValue<>() {
        @Override
        protected List<Component> computeValue(Class<?> type) {
          return Arrays.stream(type.getRecordComponents())
              .map(RecordComponent::getAccessor)
              .peek(accessor -> accessor.setAccessible(true))
              .map(
                  accessor ->
                      new Component(
                          name(accessor, accessor.getName()),
                          accessor,
                          accessor.isAnnotationPresent(LaterSetting.class)))
              .sorted(Comparator.comparing(Component::name))
              .toList();
        }
      };

  private static final ClassValue<Map<String, String>> CONSTANTS =
      new ClassValue<>() {
        @Override
        protected Map<String, String> computeValue(Class<?> type) {
          return Arrays.stream(type.getFields())
              .filter(Field::isEnumConstant)
              .collect(
                  Collectors.toMap(Field::getName, constant -> name(constant, constant.getName())));
        }
      };

  private static String name(AnnotatedElement named, String now) {
    KeyName name = named.getAnnotation(KeyName.class);
    return name == null ? now : name.value();
  }

  // Room for most settings.
  private static final int USUAL_LENGTH = 512;

  private CanonicalJson() {}

  static String of(Record value) {
    StringBuilder json = new StringBuilder(USUAL_LENGTH);
    write(value, json);
    return json.toString();
  }

  private static void write(@Nullable Object value, StringBuilder json) {
    if (value == null
        || value instanceof Boolean
        || value instanceof Integer
        || value instanceof Long) {
      json.append(value);
    } else if (value instanceof Double || value instanceof Float) {
      json.append(((Number) value).doubleValue());
    } else if (value instanceof String text) {
      quote(text, json);
    } else if (value instanceof Enum<?> constant) {
      quote(requireNonNull(CONSTANTS.get(constant.getDeclaringClass()).get(constant.name())), json);
    } else if (value instanceof Registered one) {
      quote(Spelling.constant(one.name()), json);
    } else if (value instanceof StageKey key) {
      quote(key.hex(), json);
    } else if (value instanceof Record fields) {
      record(fields, json);
    } else if (value instanceof Map<?, ?> map) {
      map(map, json);
    } else if (value instanceof Collection<?> elements) {
      json.append('[');
      for (Iterator<?> i = elements.iterator(); i.hasNext(); ) {
        write(i.next(), json);
        json.append(i.hasNext() ? "," : "");
      }
      json.append(']');
    } else {
      throw new IllegalArgumentException("no canonical JSON for " + value.getClass());
    }
  }

  private static void record(Record fields, StringBuilder json) {
    json.append("{\"is\":");
    quote(fields.getClass().getSimpleName(), json);
    for (Component component : COMPONENTS.get(fields.getClass())) {
      try {
        Object value = component.accessor.invoke(fields);
        if (!component.later || !goesWithoutSaying(value)) {
          json.append(',');
          quote(component.name, json);
          json.append(':');
          write(value, json);
        }
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new IllegalStateException("cannot read " + component.name + " of " + fields, e);
      }
    }
    json.append('}');
  }

  private static boolean goesWithoutSaying(@Nullable Object value) {
    return value == null || (value instanceof LaterSettings settings && settings.areUsual());
  }

  private static void map(Map<?, ?> map, StringBuilder json) {
    TreeMap<String, Object> sorted = new TreeMap<>();
    map.forEach((key, value) -> sorted.put((String) key, value));
    json.append('{');
    String separator = "";
    for (Map.Entry<String, Object> entry : sorted.entrySet()) {
      json.append(separator);
      quote(entry.getKey(), json);
      json.append(':');
      write(entry.getValue(), json);
      separator = ",";
    }
    json.append('}');
  }

  private static void quote(String text, StringBuilder json) {
    json.append('"');
    if (isPlain(text)) {
      json.append(text).append('"');
      return;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < 0x20) {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    json.append('"');
  }

  /** Whether nothing is to be escaped, as in nearly all that plans of millions have. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\' || c < 0x20) {
        return false;
      }
    }
    return true;
  }
}
