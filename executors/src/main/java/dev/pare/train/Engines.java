package dev.pare.train;

import dev.pare.model.Architecture;
import dev.pare.model.Dl4jNetworks;

/** Chooses the engine for an architecture on this machine; the only place that does. */
public final class Engines {
  /**
   * Pare's own layers are for the processor; where ND4J was built in for GPUs, its layers run
   * there, if it has them.
   */
  private static final boolean CUDA = isPresent("org.nd4j.linalg.jcublas.JCublasBackend");

  private Engines() {}

  /**
   * An engine for batches of up to {@code largestBatch} examples.
   *
   * @param architecture of the networks it will run
   */
  public static Engine of(Architecture architecture, int largestBatch) {
    return CUDA && Dl4jNetworks.isExpressible(architecture)
        ? new Dl4jEngine(architecture)
        : new FusedEngine(architecture, largestBatch);
  }

  private static boolean isPresent(String type) {
    try {
      Class.forName(type, false, Engines.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
