package dev.pare.train;

import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.layers.LayerGraph;
import dev.pare.model.Dl4jNetworks;

/** Chooses the engine for an architecture on this machine; the only place that does. */
public final class Engines {
  /**
   * Pare's own layers are for the processor; where ND4J was built in for GPUs, its layers run
   * there, if it has them.
   */
  private static final boolean CUDA = isPresent("org.nd4j.linalg.jcublas.JCublasBackend");

  /**
   * What the buffers of a batch may take where any batch will do, unless one example takes more.
   */
  private static final long BUDGET_BYTES = 128L << 20;

  private Engines() {}

  /**
   * An engine for batches of up to {@code largestBatch} examples.
   *
   * @param architecture of the networks it will run
   */
  public static Engine of(Architecture architecture, int largestBatch) {
    return CUDA && Dl4jNetworks.isExpressible(architecture) && isLinearBeforeLoss(architecture)
        ? new Dl4jEngine(architecture)
        : new PassEngine(architecture, largestBatch);
  }

  /** DL4J's engine takes the loss's gradient for that of the last layer's sums. */
  private static boolean isLinearBeforeLoss(Architecture architecture) {
    return architecture.output() == Activation.SOFTMAX
        || architecture.output() == Activation.IDENTITY;
  }

  /** How many examples, at most {@code most}, have their outputs computed at once. */
  public static int inferenceBatch(Architecture architecture, int most) {
    return (int) Math.max(1, Math.min(most, BUDGET_BYTES / inferenceBytes(architecture)));
  }

  /** Bytes of an engine's buffers for each example of a batch, of outputs alone. */
  public static long inferenceBytes(Architecture architecture) {
    return Float.BYTES * (new LayerGraph(architecture, 1).inferenceFloats() + ends(architecture));
  }

  /** Bytes of an engine's buffers for each example of a batch in training. */
  public static long trainingBytes(Architecture architecture) {
    return Float.BYTES * (new LayerGraph(architecture, 1).trainingFloats() + ends(architecture));
  }

  /** The features, and logits with room for their gradient. */
  private static long ends(Architecture architecture) {
    return architecture.input().size() + 2L * architecture.outputs();
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
