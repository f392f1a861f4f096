package dev.pare.train;

import dev.pare.graph.Architecture;

/**
 * A way to run networks. Kinds are found by {@link java.util.ServiceLoader}: one class with a
 * public constructor, and a line in {@code META-INF/services/dev.pare.train.EngineKind}. Stateless.
 */
public interface EngineKind {
  /** Lower-case words between hyphens. */
  String name();

  /** Whether its engines can train and run networks of an architecture. */
  boolean runs(Architecture architecture);

  /** Whether this machine has what makes it faster than the kinds before it. */
  boolean isPreferred();

  /** Whether its engines give what layers read, as {@link Engine#copyInput} does. */
  default boolean showsInputs() {
    return false;
  }

  /**
   * An engine for batches of up to {@code largestBatch} examples.
   *
   * @param architecture that it {@link #runs}
   */
  Engine open(Architecture architecture, int largestBatch);
}
