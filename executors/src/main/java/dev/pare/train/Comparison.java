package dev.pare.train;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Task;
import dev.pare.graph.Architecture;
import dev.pare.graph.Network;
import dev.pare.layers.Batch;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares a network that was read from another library's file with what that library computes.
 *
 * @param peer the other library's name
 * @param task what the network is for: of classes, probabilities are compared, too
 */
public record Comparison(String peer, Task task) {
  /** Of the largest output. */
  static final double MOST_DIFFERENCE = 1e-4;

  /** Between probabilities, which one large output, as of a class that is masked, does not hide. */
  static final double MOST_PROBABILITY = 1e-3;

  /** Of the largest value of one output, which another output's larger ones do not hide. */
  static final double MOST_OF_ONE_OUTPUT = 0.1;

  private static final Logger LOG = LoggerFactory.getLogger(Comparison.class);

  public Comparison {
    requireNonNull(peer, "peer is null");
    requireNonNull(task, "task is null");
  }

  /** What the other library computes. */
  @FunctionalInterface
  public interface Outputs {
    /**
     * Outputs before their softmax, {@code [count × classes]}.
     *
     * @param examples {@code [count × features]}, raw
     */
    float[] logits(float[] examples, int count);
  }

  /**
   * The network, if its outputs before their softmax are the other library's. Both are asked for as
   * many examples at once as memory is meant for.
   *
   * @param examples {@code [count × features]}, raw, at least one
   * @throws IllegalArgumentException if outputs are not finite, and naming the difference where it
   *     is above 10⁻⁴ of the largest output, a tenth of an output's own largest value, or 10⁻³
   *     between probabilities
   */
  public ImportedNetwork checked(Network network, float[] examples, Outputs outputs) {
    Architecture architecture = network.architecture();
    int features = architecture.input().size();
    int classes = architecture.outputs();
    int count = examples.length / features;
    int atOnce = Engines.inferenceBatch(architecture, count);
    double[] largest = new double[classes];
    double[] difference = new double[classes];
    double probability = 0;
    try (Engine engine = Engines.of(architecture, atOnce)) {
      for (int from = 0; from < count; from += atOnce) {
        int batch = Math.min(atOnce, count - from);
        float[] some = Arrays.copyOfRange(examples, from * features, (from + batch) * features);
        float[] own = new float[batch * classes];
        engine.forward(network.parameters(), Batch.of(some, batch), own);
        float[] others = outputs.logits(some, batch);
        if (others.length != own.length) {
          throw new IllegalArgumentException(
              "%s has %d outputs of an example, not %d"
                  .formatted(peer, others.length / batch, classes));
        }
        checkFinite(own, "as Pare runs it", classes, from);
        checkFinite(others, "as " + peer + " runs it", classes, from);
        if (task == Task.CLASSIFICATION) {
          probability = Math.max(probability, probability(own, others, classes));
        }
        for (int i = 0; i < own.length; i++) {
          int output = i % classes;
          largest[output] = Math.max(largest[output], Math.abs(others[i]));
          difference[output] = Math.max(difference[output], Math.abs((double) own[i] - others[i]));
        }
      }
    }
    double relative = relative(most(difference), most(largest));
    if (!(relative <= MOST_DIFFERENCE)) {
      throw new IllegalArgumentException(
          "its outputs differ from %s's by %.2g of the largest one, at most %.0e is allowed: Pare's results for it are not %s's"
              .formatted(peer, relative, MOST_DIFFERENCE, peer));
    }
    if (!(probability <= MOST_PROBABILITY)) {
      throw new IllegalArgumentException(
          "its probabilities of classes differ from %s's by %.2g, at most %.0e is allowed: Pare's results for it are not %s's"
              .formatted(peer, probability, MOST_PROBABILITY, peer));
    }
    for (int output = 0; output < classes; output++) {
      double its = relative(difference[output], largest[output]);
      if (!(its <= MOST_OF_ONE_OUTPUT)) {
        throw new IllegalArgumentException(
            "its output %d differs from %s's by %.2g of that output's largest value, at most %s is allowed: Pare's results for it are not %s's"
                .formatted(output, peer, its, MOST_OF_ONE_OUTPUT, peer));
      }
    }
    String comparison =
        "outputs on %d examples differ from %s's by at most %.1e of the largest one"
            .formatted(count, peer, relative);
    LOG.info(comparison);
    return new ImportedNetwork(network, comparison);
  }

  /**
   * Runs a network that there is no other library for.
   *
   * @param examples {@code [count × features]}, raw
   * @throws IllegalArgumentException if an output is not finite
   */
  public static void checkFinite(Network network, float[] examples) {
    Architecture architecture = network.architecture();
    int features = architecture.input().size();
    int classes = architecture.outputs();
    int count = examples.length / features;
    int atOnce = Engines.inferenceBatch(architecture, count);
    try (Engine engine = Engines.of(architecture, atOnce)) {
      for (int from = 0; from < count; from += atOnce) {
        int batch = Math.min(atOnce, count - from);
        float[] some = Arrays.copyOfRange(examples, from * features, (from + batch) * features);
        float[] outputs = new float[batch * classes];
        engine.forward(network.parameters(), Batch.of(some, batch), outputs);
        checkFinite(outputs, "as Pare runs it", classes, from);
      }
    }
  }

  private static double most(double[] values) {
    return Arrays.stream(values).max().orElse(0);
  }

  private static double relative(double difference, double largest) {
    return difference == 0 ? 0 : difference / largest;
  }

  private static void checkFinite(float[] outputs, String where, int classes, int from) {
    for (int i = 0; i < outputs.length; i++) {
      if (!Float.isFinite(outputs[i])) {
        throw new IllegalArgumentException(
            "its output %d of example %d is %s, %s: it must be finite for the data's examples"
                .formatted(i % classes, from + i / classes, outputs[i], where));
      }
    }
  }

  /** The largest difference between probabilities of a class. */
  private static double probability(float[] own, float[] others, int classes) {
    double largest = 0;
    double[] left = new double[classes];
    double[] right = new double[classes];
    for (int from = 0; from < own.length; from += classes) {
      softmax(own, from, left);
      softmax(others, from, right);
      for (int i = 0; i < classes; i++) {
        largest = Math.max(largest, Math.abs(left[i] - right[i]));
      }
    }
    return largest;
  }

  private static void softmax(float[] logits, int from, double[] probabilities) {
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < probabilities.length; i++) {
      most = Math.max(most, logits[from + i]);
    }
    double sum = 0;
    for (int i = 0; i < probabilities.length; i++) {
      probabilities[i] = Math.exp(logits[from + i] - most);
      sum += probabilities[i];
    }
    for (int i = 0; i < probabilities.length; i++) {
      probabilities[i] /= sum;
    }
  }
}
