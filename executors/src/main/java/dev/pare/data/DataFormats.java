package dev.pare.data;

import dev.pare.candidate.Registry;
import java.util.List;

/** The formats there are, by name. */
public final class DataFormats {
  private static final Registry<DataFormat> ALL =
      Registry.of("data.format", DataFormat.class, DataFormat::name, List.of());

  private DataFormats() {}

  /** All names, in the order of the registry. */
  public static List<String> names() {
    return ALL.names();
  }

  /**
   * The format of a name.
   *
   * @throws IllegalArgumentException naming those that there are, if there is none
   */
  public static DataFormat of(String name) {
    return ALL.of(name);
  }
}
