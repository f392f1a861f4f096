package dev.pare.train;

import java.util.Optional;

/**
 * A way to reach devices that train. Kinds are found by {@link java.util.ServiceLoader}: one class
 * with a public constructor, and a line in {@code META-INF/services/dev.pare.train.DeviceKind}.
 */
public interface DeviceKind {
  /** Lower-case words between hyphens. */
  String name();

  /** Why this machine has no device of the kind; empty if it has. */
  Optional<String> missing();

  /** How many devices it has on this machine. */
  int count();

  /**
   * One of the machine's devices, the same for all callers in a JVM.
   *
   * @param index which one, from 0 to {@link #count} − 1
   * @throws DeviceFailureException if there is none of that number
   */
  TrainingDevice device(int index);
}
