package dev.pare.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** The formats there are, by name. */
public final class DataFormats {
  private static final Map<String, DataFormat> ALL = load();

  private DataFormats() {}

  private static Map<String, DataFormat> load() {
    Map<String, DataFormat> all = new LinkedHashMap<>();
    for (DataFormat format :
        ServiceLoader.load(DataFormat.class, DataFormat.class.getClassLoader())) {
      if (all.put(format.name(), format) != null) {
        throw new IllegalStateException("two formats are called " + format.name());
      }
    }
    return all;
  }

  /** All names, in the order of the registry. */
  public static List<String> names() {
    return List.copyOf(ALL.keySet());
  }

  /**
   * The format of a name.
   *
   * @throws IllegalArgumentException naming those that there are, if there is none
   */
  public static DataFormat of(String name) {
    DataFormat format = ALL.get(name);
    if (format == null) {
      throw new IllegalArgumentException(
          "data.format = " + name + ": must be one of " + String.join(", ", names()));
    }
    return format;
  }
}
