package dev.pare.artifact;

import dev.pare.graph.Architecture;

/**
 * Checks layers that only another engine runs, {@link dev.pare.graph.Dl4jLayer}. The engine names
 * its check in {@code META-INF/services/dev.pare.artifact.ArchitectureCheck}; where there is none,
 * such layers are read but cannot be run.
 */
public interface ArchitectureCheck {
  /**
   * @throws IllegalArgumentException if a layer is not one that the engine can run there
   */
  void check(Architecture architecture);
}
