package dev.pare.artifact;

import dev.pare.graph.Architecture;

/**
 * What another engine says of layers that it alone runs, {@link dev.pare.graph.Dl4jLayer}. It names
 * its check in {@code META-INF/services/dev.pare.artifact.ArchitectureCheck}; where there is none,
 * files with such layers are refused.
 */
public interface ArchitectureCheck {
  /**
   * @throws IllegalArgumentException if a layer is not one that the engine can run there
   */
  void check(Architecture architecture);
}
