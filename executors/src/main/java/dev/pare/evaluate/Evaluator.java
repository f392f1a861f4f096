package dev.pare.evaluate;

import dev.pare.candidate.Correctness;
import dev.pare.data.Examples;
import dev.pare.graph.Architecture;
import dev.pare.graph.Network;
import dev.pare.train.Engine;
import dev.pare.train.Engines;
import java.util.BitSet;

/** Runs a network over examples. */
public final class Evaluator {
  private static final int LARGEST_BATCH = 500;

  private Evaluator() {}

  /** How many examples are evaluated at once: as many as take little memory, at most 500. */
  public static int batch(Architecture architecture) {
    return Engines.inferenceBatch(architecture, LARGEST_BATCH);
  }

  /** The network's logits, {@code [examples × classes]}. */
  public static float[] logits(Network network, Examples examples) {
    Architecture architecture = network.architecture();
    int features = architecture.input().size();
    int classes = architecture.classes();
    if (examples.features() != features) {
      throw new IllegalArgumentException(
          "examples have " + examples.features() + " features, the network reads " + features);
    }
    float[] all = new float[Math.multiplyExact(examples.size(), classes)];
    int batch = Math.min(batch(architecture), examples.size());
    float[] inputs = new float[batch * features];
    float[] logits = new float[batch * classes];
    try (Engine engine = Engines.of(architecture, batch)) {
      for (int from = 0; from < examples.size(); from += batch) {
        int count = Math.min(batch, examples.size() - from);
        for (int b = 0; b < count; b++) {
          examples.copyFeatures(from + b, inputs, b * features);
        }
        engine.forward(network.parameters(), inputs, count, logits);
        System.arraycopy(logits, 0, all, from * classes, count * classes);
      }
    }
    return all;
  }

  /**
   * Which examples the network gets right: where the label has the largest logit, the first of
   * equals. None where a network that diverged gives no numbers.
   */
  public static Correctness correctness(Network network, Examples examples) {
    int classes = network.architecture().classes();
    float[] logits = logits(network, examples);
    BitSet right = new BitSet();
    for (int i = 0; i < examples.size(); i++) {
      int best = -1;
      float largest = Float.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        float logit = logits[i * classes + c];
        if (logit > largest) {
          largest = logit;
          best = c;
        }
      }
      right.set(i, best == examples.label(i));
    }
    return Correctness.of(right, examples.size());
  }
}
