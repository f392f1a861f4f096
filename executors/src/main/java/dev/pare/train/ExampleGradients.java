package dev.pare.train;

import dev.pare.candidate.Task;
import dev.pare.data.Examples;
import dev.pare.graph.Architecture;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.Dl4jLayer;
import dev.pare.layers.Batch;

/**
 * The loss of a network's answers, and its gradients, a few examples at a time: cross entropy, or
 * the squared error of regression and reconstruction.
 */
public final class ExampleGradients {
  /** Batch normalization has no statistics of one example. */
  private static final int SMALLEST_NORMALIZED = 32;

  private ExampleGradients() {}

  /** Told of a gradient. */
  @FunctionalInterface
  public interface Receiver {
    /**
     * @param gradient of the mean loss of {@code count} examples, in the architecture's layout;
     *     valid until the next
     */
    void accept(float[] gradient, int count);
  }

  /**
   * What a network makes of examples.
   *
   * @param accuracy share that is answered rightly; no number where classes are not asked for
   */
  public record Score(double loss, double accuracy) {}

  /**
   * As many examples as a gradient must at least be of: one, where every layer knows what to do
   * with one.
   */
  public static int smallestBatch(Architecture architecture) {
    boolean normalized =
        architecture.layers().stream()
            .anyMatch(layer -> layer instanceof BatchNormalization || layer instanceof Dl4jLayer);
    return normalized ? SMALLEST_NORMALIZED : 1;
  }

  /**
   * Computes the gradient of each batch of examples, in their order.
   *
   * @param parameters may be changed by {@code receiver}
   * @param batch examples a gradient; the last has fewer if they do not divide
   */
  public static void forEach(
      Architecture architecture,
      float[] parameters,
      Examples examples,
      int batch,
      Receiver receiver) {
    int size = Math.min(batch, examples.size());
    int[] indices = new int[size];
    Batch inputs = new Batch(examples.features(), 0);
    float[] gradient = new float[parameters.length];
    Engine.LogitLoss loss = BatchLoss.ofExamples(examples).on(indices);
    try (Engine engine = Engines.of(architecture, size)) {
      for (int from = 0; from < examples.size(); from += size) {
        int count = Math.min(size, examples.size() - from);
        for (int b = 0; b < count; b++) {
          indices[b] = from + b;
        }
        inputs.load(examples, indices, count);
        engine.gradient(parameters, inputs, loss, gradient);
        receiver.accept(gradient, count);
      }
    }
  }

  /** The mean loss over examples, and the share of those that are answered rightly. */
  public static Score score(Architecture architecture, float[] parameters, Examples examples) {
    int size = Math.min(Engines.inferenceBatch(architecture, 256), examples.size());
    int outputs = examples.outputs();
    boolean classified = examples.task() == Task.CLASSIFICATION;
    int[] indices = new int[size];
    Batch inputs = new Batch(examples.features(), 0);
    float[] logits = new float[size * architecture.outputs()];
    float[] unused = new float[logits.length];
    Engine.LogitLoss loss = BatchLoss.ofExamples(examples).on(indices);
    double sum = 0;
    int right = 0;
    try (Engine engine = Engines.of(architecture, size)) {
      for (int from = 0; from < examples.size(); from += size) {
        int count = Math.min(size, examples.size() - from);
        for (int b = 0; b < count; b++) {
          indices[b] = from + b;
        }
        inputs.load(examples, indices, count);
        engine.forward(parameters, inputs, logits);
        sum += count * loss.gradient(logits, count, unused);
        for (int b = 0; classified && b < count; b++) {
          right += largest(logits, b * outputs, outputs) == examples.label(from + b) ? 1 : 0;
        }
      }
    }
    return new Score(
        sum / examples.size(), classified ? (double) right / examples.size() : Double.NaN);
  }

  private static int largest(float[] values, int from, int count) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      best = values[from + i] > values[from + best] ? i : best;
    }
    return best;
  }
}
