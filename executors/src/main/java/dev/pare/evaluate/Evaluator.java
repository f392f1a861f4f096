package dev.pare.evaluate;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.candidate.Confusion;
import dev.pare.candidate.Correctness;
import dev.pare.candidate.Evaluation;
import dev.pare.candidate.Metric;
import dev.pare.candidate.Task;
import dev.pare.data.Examples;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dl4jLayer;
import dev.pare.graph.Network;
import dev.pare.graph.Quantization;
import dev.pare.kernel.ForwardPass;
import dev.pare.layers.Batch;
import dev.pare.train.Engine;
import dev.pare.train.Engines;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/** Runs a network over examples. */
public final class Evaluator {
  private static final int LARGEST_BATCH = 500;

  private Evaluator() {}

  /** How many examples are evaluated at once: as many as take little memory, at most 500. */
  public static int batch(Architecture architecture) {
    return Engines.inferenceBatch(architecture, LARGEST_BATCH);
  }

  /** The network's outputs before a softmax, {@code [examples × outputs]}. */
  public static float[] logits(Network network, Examples examples) {
    Architecture architecture = network.architecture();
    int features = architecture.input().size();
    int outputs = architecture.outputs();
    if (examples.features() != features) {
      throw new IllegalArgumentException(
          "examples have " + examples.features() + " features, the network reads " + features);
    }
    float[] all = new float[Math.multiplyExact(examples.size(), outputs)];
    int batch = Math.min(batch(architecture), examples.size());
    Batch inputs = new Batch(features, batch);
    float[] logits = new float[batch * outputs];
    try (Engine engine = Engines.of(architecture, batch)) {
      for (int from = 0; from < examples.size(); from += batch) {
        int count = Math.min(batch, examples.size() - from);
        inputs.load(examples, from, count);
        engine.forward(network.parameters(), inputs, logits);
        System.arraycopy(logits, 0, all, from * outputs, count * outputs);
      }
    }
    return all;
  }

  /**
   * The outputs of a file's network before a softmax, {@code [examples × outputs]}: where
   * activations are of 8 bits, in integers, to the bit those of {@code Predictor}.
   */
  public static float[] logits(CompressedNetwork network, Examples examples) {
    Architecture architecture = network.architecture();
    if (!isQuantized(architecture)) {
      return logits(network.toNetwork(), examples);
    }
    ForwardPass pass = new ForwardPass(architecture, network.tensors()::get);
    int outputs = architecture.outputs();
    float[] all = new float[Math.multiplyExact(examples.size(), outputs)];
    int batch = batch(architecture);
    for (int from = 0; from < examples.size(); from += batch) {
      List<float[]> some = new ArrayList<>();
      for (int i = from; i < Math.min(examples.size(), from + batch); i++) {
        float[] features = new float[examples.features()];
        examples.copyFeatures(i, features, 0);
        some.add(features);
      }
      List<float[]> made = pass.logits(some);
      for (int i = 0; i < made.size(); i++) {
        System.arraycopy(made.get(i), 0, all, (from + i) * outputs, outputs);
      }
    }
    return all;
  }

  /** Whether there are activations of 8 bits, and no layer that only DL4J runs. */
  private static boolean isQuantized(Architecture architecture) {
    return Quantization.isIn(architecture)
        && architecture.layers().stream().noneMatch(Dl4jLayer.class::isInstance);
  }

  /**
   * What a file's network is worth.
   *
   * @param metric which {@link Metrics#check} lets pass
   * @throws dev.pare.train.TrainingDivergedException as {@link #evaluation(Network, Examples,
   *     Metric)}
   */
  public static Evaluation evaluation(CompressedNetwork network, Examples examples, Metric metric) {
    return evaluation(logits(network, examples), network.architecture(), examples, metric);
  }

  /**
   * What a network is worth.
   *
   * @param metric which {@link Metrics#check} lets pass
   * @throws dev.pare.train.TrainingDivergedException if outputs that are compared with numbers are
   *     none
   */
  public static Evaluation evaluation(Network network, Examples examples, Metric metric) {
    return evaluation(logits(network, examples), network.architecture(), examples, metric);
  }

  private static Evaluation evaluation(
      float[] outputs, Architecture architecture, Examples examples, Metric metric) {
    if (examples.task() != Task.CLASSIFICATION) {
      return new Evaluation(Metrics.estimate(metric, examples, outputs), null, null);
    }
    int[] labels = labels(examples);
    int[] answers = answers(outputs, labels.length);
    int classes = architecture.outputs();
    Correctness correctness = correctness(labels, answers);
    return new Evaluation(
        Metrics.estimate(metric, examples, outputs),
        correctness,
        classes <= Confusion.MOST_CLASSES ? Confusion.of(classes, labels, answers) : null);
  }

  /**
   * Which examples the network gets right: where the label has the largest logit, the first of
   * equals. None where a network that diverged gives no numbers.
   */
  public static Correctness correctness(Network network, Examples examples) {
    return correctness(labels(examples), answers(logits(network, examples), examples.size()));
  }

  private static Correctness correctness(int[] labels, int[] answers) {
    BitSet right = new BitSet();
    for (int i = 0; i < labels.length; i++) {
      right.set(i, answers[i] == labels[i]);
    }
    return Correctness.of(right, labels.length);
  }

  /** The class of each example. */
  public static int[] labels(Examples examples) {
    return IntStream.range(0, examples.size()).map(examples::label).toArray();
  }

  /**
   * The class of each example's largest logit, the first of equals; −1 where there are no numbers.
   */
  public static int[] answers(float[] logits, int examples) {
    int classes = logits.length / examples;
    int[] answers = new int[examples];
    for (int i = 0; i < examples; i++) {
      int best = -1;
      float largest = Float.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        float logit = logits[i * classes + c];
        if (logit > largest) {
          largest = logit;
          best = c;
        }
      }
      answers[i] = best;
    }
    return answers;
  }
}
