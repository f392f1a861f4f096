package dev.pare.candidate;

import java.io.Serializable;

/**
 * One of the ways to do something that a {@link Registry} has, by its name in configurations.
 * Whoever looks it up says which there are if there is none of that name. Keys spell the name as
 * they do constants.
 */
public interface Registered extends Serializable {
  /** Lower-case words between hyphens. */
  String name();
}
