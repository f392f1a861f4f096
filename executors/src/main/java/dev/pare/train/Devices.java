package dev.pare.train;

import dev.pare.candidate.Registry;
import java.util.List;
import java.util.stream.Stream;

/** The kinds of devices there are. */
public final class Devices {
  /** The name of the processor, which is no device. */
  public static final String CPU = "cpu";

  private static final Registry<DeviceKind> KINDS =
      Registry.of("engine", DeviceKind.class, DeviceKind::name, List.of());

  private Devices() {}

  /** All names, and before them the processor's. */
  public static List<String> names() {
    return Stream.concat(Stream.of(CPU), KINDS.names().stream()).toList();
  }

  /**
   * The kind of a name.
   *
   * @throws IllegalArgumentException naming those that there are, if there is none
   */
  public static DeviceKind kind(String name) {
    return KINDS.of(name);
  }
}
