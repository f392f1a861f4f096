package dev.pare.candidate;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Function;

/**
 * The ways to do something that there are, by their names: Pare's own, and those that {@link
 * ServiceLoader} finds, each a class with a public constructor and a line in {@code
 * META-INF/services}.
 */
public final class Registry<T> {
  private final String setting;
  private final Map<String, T> all = new LinkedHashMap<>();

  private Registry(String setting) {
    this.setting = requireNonNull(setting, "setting is null");
  }

  /**
   * @param setting that names one of them
   * @param type of service
   * @param name of each, all different
   * @param own Pare's, which come first
   */
  public static <T> Registry<T> of(
      String setting, Class<T> type, Function<T, String> name, List<? extends T> own) {
    Registry<T> registry = new Registry<>(setting);
    own.forEach(one -> registry.add(name.apply(one), one));
    for (T other : ServiceLoader.load(type, type.getClassLoader())) {
      registry.add(name.apply(other), other);
    }
    return registry;
  }

  private void add(String name, T one) {
    if (all.put(name, one) != null) {
      throw new IllegalStateException(setting + " = " + name + ": there are two of that name");
    }
  }

  /** All names, in their order. */
  public List<String> names() {
    return List.copyOf(all.keySet());
  }

  /**
   * The one of a name.
   *
   * @throws IllegalArgumentException naming those that there are, if there is none
   */
  public T of(String name) {
    T one = all.get(name);
    if (one == null) {
      throw new IllegalArgumentException(
          setting + " = " + name + ": must be one of " + String.join(", ", names()));
    }
    return one;
  }
}
