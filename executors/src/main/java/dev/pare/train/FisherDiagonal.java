package dev.pare.train;

import dev.pare.data.Examples;
import dev.pare.model.Layer;
import dev.pare.model.Network;

/**
 * The diagonal of a network's empirical Fisher information: for each parameter the mean, over some
 * training examples, of the squared derivative of {@code −log p(label)}. Half of it times a small
 * change's square is about what the change adds to the loss (LeCun, Denker and Solla 1990; Theis et
 * al. 2018).
 */
public final class FisherDiagonal {
  /** Examples a batch where the batch's own statistics take part. */
  private static final int NORMALIZED_BATCH = 16;

  private FisherDiagonal() {}

  /**
   * The diagonal, in the layout of the network's parameters.
   *
   * <p>Examples are taken one by one. Where batch normalization needs several at once, they come in
   * batches of {@value #NORMALIZED_BATCH}, and the squared gradient of a batch's mean loss counts
   * as often as the batch has examples: as large on average, were the gradients independent.
   *
   * @param most examples to take, evenly spaced over those there are; at least 1
   */
  public static float[] of(Network network, Examples examples, int most) {
    if (most < 1) {
      throw new IllegalArgumentException("examples = " + most + ": must be at least 1");
    }
    boolean normalized =
        network.architecture().layers().stream()
            .anyMatch(layer -> layer.kind() == Layer.Kind.BATCH_NORMALIZATION);
    int sample = Math.min(most, examples.size());
    int batch = Math.min(sample, normalized ? NORMALIZED_BATCH : 1);
    int[] indices = new int[batch];
    float[] inputs = new float[batch * examples.features()];
    float[] gradient = new float[network.parameters().length];
    float[] sums = new float[gradient.length];
    Engine.LogitLoss loss = DistillationLoss.ofLabels(examples, 0).on(indices);
    int batches = sample / batch;
    try (Engine engine = Engines.of(network.architecture(), batch)) {
      for (int first = 0; first < batches * batch; first += batch) {
        for (int b = 0; b < batch; b++) {
          indices[b] = (int) ((long) (first + b) * examples.size() / sample);
          examples.copyFeatures(indices[b], inputs, b * examples.features());
        }
        engine.gradient(network.parameters(), inputs, batch, loss, gradient);
        addSquares(gradient, sums);
      }
    }
    float share = (float) batch / batches;
    for (int i = 0; i < sums.length; i++) {
      sums[i] *= share;
    }
    return sums;
  }

  private static void addSquares(float[] gradient, float[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += gradient[i] * gradient[i];
    }
  }
}
