package dev.pare.kernel;

import dev.pare.artifact.CompressedTensor;
import dev.pare.graph.Architecture;
import dev.pare.graph.Node;
import dev.pare.graph.ParameterTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The forward pass of a network, from features to logits, on the calling thread. Immutable; any
 * number of threads may run it.
 */
public final class ForwardPass {
  private final Architecture architecture;
  private final List<Kernel> kernels = new ArrayList<>();

  private final int[] vocabularies;

  /** Of each node the last one that reads it. */
  private final int[] lastReaders;

  /**
   * Takes over a network's weights.
   *
   * @param tensors of the architecture, by index; each is asked for once
   * @throws IllegalArgumentException naming a layer that only DL4J runs
   */
  public ForwardPass(Architecture architecture, IntFunction<CompressedTensor> tensors) {
    this.architecture = architecture;
    vocabularies = architecture.vocabularies();
    List<ParameterTensor> places = architecture.tensors();
    int next = 0;
    for (int i = 0; i < architecture.nodes().size(); i++) {
      List<Matrix> parameters = new ArrayList<>();
      while (next < places.size() && places.get(next).layer() == i) {
        parameters.add(Matrices.of(tensors.apply(next++)));
      }
      kernels.add(kernel(i, parameters));
    }
    lastReaders = new int[kernels.size()];
    for (int i = 0; i < lastReaders.length; i++) {
      List<Integer> readers = architecture.readers(i);
      lastReaders[i] = readers.isEmpty() ? i : readers.get(readers.size() - 1);
    }
  }

  private Kernel kernel(int index, List<Matrix> parameters) {
    try {
      return Kernels.of(
          architecture.layers().get(index),
          new Place(architecture.inputShapes(index), architecture.outputShape(index), parameters));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("layer " + index + ": " + e.getMessage(), e);
    }
  }

  /**
   * The logits of an example: what the output layer has before its softmax.
   *
   * @param features {@code [channel][y][x]}, raw: divided here by the input's divisor
   * @throws IllegalArgumentException if they are not as many as the network reads, or not the
   *     tokens that it knows
   */
  public float[] logits(float[] features) {
    check(features);
    float[] input = features.clone();
    float divisor = architecture.input().divisor();
    for (int i = 0; i < input.length && divisor != 1; i++) {
      input[i] /= divisor;
    }
    float[][] made = new float[kernels.size()][];
    for (int i = 0; i < made.length; i++) {
      List<Integer> sources = architecture.nodes().get(i).inputs();
      float[][] inputs = new float[sources.size()][];
      for (int k = 0; k < inputs.length; k++) {
        int source = sources.get(k);
        inputs[k] = source == Node.NETWORK_INPUT ? input : made[source];
      }
      made[i] = new float[architecture.outputShape(i).size()];
      kernels.get(i).run(inputs, made[i]);
      for (int source : sources) {
        if (source != Node.NETWORK_INPUT && lastReaders[source] == i) {
          // What nothing reads any more need not be kept.
          made[source] = new float[0];
        }
      }
    }
    return made[made.length - 1];
  }

  private void check(float[] features) {
    if (features.length != architecture.input().size()) {
      throw new IllegalArgumentException(
          "%d features: the network reads %d"
              .formatted(features.length, architecture.input().size()));
    }
    for (int i = 0; i < features.length; i++) {
      int tokens = vocabularies[i];
      boolean isToken =
          features[i] >= 0 && features[i] < tokens && features[i] == (int) features[i];
      if (tokens > 0 && !isToken) {
        throw new IllegalArgumentException(
            "feature %d = %s: must be a token, a whole number from 0 to %d"
                .formatted(i, features[i], tokens - 1));
      }
    }
  }
}
