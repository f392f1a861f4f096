package dev.pare.candidate;

import java.io.Serializable;
import java.util.Locale;

/**
 * One of the ways to do something that a {@link Registry} has, by its name in configurations.
 * Whoever looks it up says which there are if there is none of that name.
 */
public interface Registered extends Serializable {
  /** Lower-case words between hyphens. */
  String name();

  /** Its name as keys have it, which spell it as they do constants. */
  default String constant() {
    return name().toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
