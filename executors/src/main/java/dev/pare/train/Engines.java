package dev.pare.train;

import dev.pare.model.Architecture;

/** Chooses the engine for an architecture on this machine; the only place that does. */
public final class Engines {
  private Engines() {}

  /**
   * An engine for batches of up to {@code largestBatch} examples.
   *
   * @param architecture of the networks it will run
   */
  public static Engine of(Architecture architecture, int largestBatch) {
    return new FusedEngine(architecture, largestBatch);
  }
}
