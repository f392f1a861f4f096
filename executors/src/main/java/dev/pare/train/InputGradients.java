package dev.pare.train;

import dev.pare.graph.Architecture;
import dev.pare.graph.Dl4jLayer;
import dev.pare.graph.Network;
import dev.pare.layers.Batch;
import dev.pare.layers.LayerGraph;
import java.util.Arrays;

/**
 * The outputs of a network, as they are in use, and their gradient with respect to its raw inputs.
 * Keeps its buffers between calls; not thread-safe.
 */
public final class InputGradients {
  private static final int LARGEST_BATCH = 64;

  private final Architecture architecture;
  private Network network;
  private final int largestBatch;
  private final LayerGraph layers;
  private final float[] unused;
  private final float[] logitGradient;
  private final float[] logits;

  /**
   * @throws IllegalArgumentException unless {@link #exist}
   */
  public InputGradients(Network network) {
    if (!exist(network.architecture())) {
      throw new IllegalArgumentException("the network's inputs have no gradient");
    }
    this.architecture = network.architecture();
    this.network = FixedNormalization.of(network);
    this.largestBatch = Engines.inferenceBatch(this.network.architecture(), LARGEST_BATCH);
    this.layers = LayerGraph.withInputGradient(this.network.architecture(), largestBatch);
    this.unused = new float[this.network.parameters().length];
    this.logits = new float[largestBatch * network.architecture().outputs()];
    this.logitGradient = new float[logits.length];
  }

  /**
   * Takes other parameters of the same architecture.
   *
   * @param parameters kept where there is no batch normalization: what is written to them counts
   */
  void setParameters(float[] parameters) {
    network = FixedNormalization.of(new Network(architecture, parameters));
  }

  /** Most examples of a call: as many as take little memory, at most 64. */
  public int largestBatch() {
    return largestBatch;
  }

  /**
   * Whether a network's inputs have a gradient: not of tokens, which are no numbers, nor where DL4J
   * runs a layer, whose passes in training differ.
   */
  public static boolean exist(Architecture architecture) {
    return Arrays.stream(architecture.vocabularies()).allMatch(tokens -> tokens == 0)
        && architecture.layers().stream().noneMatch(Dl4jLayer.class::isInstance);
  }

  /** The network as passes run it here: normalization works with its running statistics. */
  public static Network inUse(Network network) {
    return FixedNormalization.of(network);
  }

  /**
   * The logits of a batch.
   *
   * @param inputs {@code [batch × features]}, raw
   * @param target {@code [batch × outputs]}, written
   */
  public void forward(float[] inputs, int batch, float[] target) {
    layers.forward(network.parameters(), Batch.of(inputs, batch), target);
  }

  /**
   * The gradient of a function of the logits.
   *
   * @param inputs {@code [batch × features]}, raw
   * @param gradient {@code [batch × features]}, written
   * @return what the function gives
   */
  public double of(float[] inputs, int batch, Engine.LogitLoss function, float[] gradient) {
    layers.forwardInTraining(network.parameters(), Batch.of(inputs, batch), logits);
    double value = function.gradient(logits, batch, logitGradient);
    layers.backward(network.parameters(), logitGradient, batch, unused);
    layers.copyInputGradient(batch, gradient);
    return value;
  }
}
