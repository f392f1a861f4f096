package dev.pare.train;

import dev.pare.data.Examples;
import dev.pare.graph.Architecture;
import dev.pare.graph.Network;
import dev.pare.layers.Batch;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** In how many examples each number that a network's layers read is not zero. */
public final class ActiveInputs {
  private static final int BATCH = 250;

  private ActiveInputs() {}

  /**
   * Runs examples through a network and counts.
   *
   * @param layers whose inputs are counted
   * @return for each of them, {@code [channel][y][x]}
   */
  public static Map<Integer, long[]> count(
      Network network, List<Integer> layers, Examples examples) {
    Architecture architecture = network.architecture();
    int batch = Math.min(Engines.inferenceBatch(architecture, BATCH), examples.size());
    Batch inputs = new Batch(architecture.input().size(), batch);
    float[] logits = new float[batch * architecture.outputs()];
    Map<Integer, long[]> counts = new TreeMap<>();
    layers.forEach(layer -> counts.put(layer, new long[architecture.inputShape(layer).size()]));
    Engine engine = Engines.showingInputs(architecture, batch);
    for (int from = 0; from < examples.size(); from += batch) {
      int size = Math.min(batch, examples.size() - from);
      inputs.load(examples, from, size);
      engine.forward(network.parameters(), inputs, logits);
      counts.forEach(
          (layer, of) -> {
            if (layer == 0) {
              countNonzero(inputs.floats(), size, of);
            } else {
              engine.countNonzeroInputs(layer, size, of);
            }
          });
    }
    return counts;
  }

  private static void countNonzero(float[] inputs, int size, long[] counts) {
    for (int b = 0; b < size; b++) {
      for (int i = 0; i < counts.length; i++) {
        counts[i] += inputs[b * counts.length + i] == 0 ? 0 : 1;
      }
    }
  }
}
