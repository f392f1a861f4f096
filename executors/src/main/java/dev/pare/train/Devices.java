package dev.pare.train;

import dev.pare.candidate.Registry;
import java.util.List;

/** The kinds of devices there are. */
public final class Devices {
  private static final Registry<DeviceKind> KINDS =
      Registry.of("engine", DeviceKind.class, DeviceKind::name, List.of());

  private Devices() {}

  /** All names. */
  public static List<String> names() {
    return KINDS.names();
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
