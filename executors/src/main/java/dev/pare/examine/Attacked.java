package dev.pare.examine;

import dev.pare.train.AttackLoss;
import dev.pare.train.InputGradients;
import dev.pare.train.InputSpace;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Examples under attack, each with the inputs around it that an attack may try. */
final class Attacked {
  private final InputGradients network;
  private final int features;
  private final int classes;
  private final float[] inputs;
  private final int[] labels;
  private final float[] least;
  private final float[] most;
  private final float[] logits;

  /**
   * @param inputs {@code [example × features]}
   */
  Attacked(
      InputGradients network,
      int classes,
      float[] inputs,
      int[] labels,
      InputSpace space,
      double eps) {
    this.network = network;
    this.classes = classes;
    this.features = inputs.length / labels.length;
    this.inputs = inputs;
    this.labels = labels;
    this.least = new float[inputs.length];
    this.most = new float[inputs.length];
    this.logits = new float[network.largestBatch() * classes];
    for (int i = 0; i < labels.length; i++) {
      space.ball(inputs, i * features, eps, least, most);
    }
  }

  int features() {
    return features;
  }

  int classes() {
    return classes;
  }

  int label(int example) {
    return labels[example];
  }

  /** A feature of an example as it is. */
  float input(int example, int feature) {
    return inputs[example * features + feature];
  }

  /** The least value that an attack may give a feature. */
  float least(int example, int feature) {
    return least[example * features + feature];
  }

  /** The largest value that an attack may give a feature. */
  float most(int example, int feature) {
    return most[example * features + feature];
  }

  /** Copies some examples as they are. */
  void copy(int[] batch, float[] target) {
    for (int b = 0; b < batch.length; b++) {
      System.arraycopy(inputs, batch[b] * features, target, b * features, features);
    }
  }

  /** Those that are not broken yet, in batches. */
  int[][] batches(boolean[] broken) {
    int[] left = IntStream.range(0, labels.length).filter(i -> !broken[i]).toArray();
    int size = network.largestBatch();
    int[][] batches = new int[(left.length + size - 1) / size][];
    for (int i = 0; i < batches.length; i++) {
      batches[i] = Arrays.copyOfRange(left, i * size, Math.min(left.length, (i + 1) * size));
    }
    return batches;
  }

  /**
   * How far each example is from a wrong answer: the true class's logit less the largest other one;
   * a wrong answer has it below 0, or not a number. Examples that have one are broken.
   *
   * @param values {@code [batch × features]}, tried
   * @param margins of each, written
   */
  void tryAll(int[] batch, float[] values, boolean[] broken, float[] margins) {
    network.forward(values, batch.length, logits);
    for (int b = 0; b < batch.length; b++) {
      int label = labels[batch[b]];
      margins[b] = AttackLoss.margin(logits, b * classes, classes, label);
      // Of equal logits the first class is the answer, which a kernel that rounds otherwise may not
      // keep: only a margin below 0 is a wrong answer for sure.
      broken[batch[b]] |= !(margins[b] >= 0);
    }
  }

  /**
   * The gradient of the loss of each example with respect to its features.
   *
   * @param gradient {@code [batch × features]}, written
   */
  void gradient(int[] batch, float[] values, AttackLoss loss, float[] gradient) {
    network.of(
        values,
        batch.length,
        (all, size, target) -> {
          for (int b = 0; b < size; b++) {
            loss.gradient(all, b * classes, classes, labels[batch[b]], target);
          }
          return 0;
        },
        gradient);
  }
}
