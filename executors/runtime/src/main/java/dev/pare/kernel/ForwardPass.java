package dev.pare.kernel;

import dev.pare.artifact.CompressedTensor;
import dev.pare.graph.Architecture;
import dev.pare.graph.Node;
import dev.pare.graph.ParameterTensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The forward pass of a network, from features to logits, on the calling thread. Immutable; any
 * number of threads may run it.
 */
public final class ForwardPass {
  private static final Kernel PASSING =
      (inputs, output) -> System.arraycopy(inputs[0], 0, output, 0, output.length);

  private static final int MOST_AT_ONCE = 256;
  private static final int FEWEST_AT_ONCE = 8;

  /** Of what lies between the layers. */
  private static final int MOST_NUMBERS = 1 << 22;

  private final Architecture architecture;
  private final List<Kernel> kernels = new ArrayList<>();

  private final int[] vocabularies;

  /** Which features are tokens. */
  private final int[] tokens;

  /** Of each node the last one that reads it. */
  private final int[] lastReaders;

  /** Features and all outputs of an example. */
  private final int numbers;

  /**
   * Takes over a network's weights.
   *
   * @param tensors of the architecture, by index; each is asked for once
   * @throws IllegalArgumentException naming a layer that only DL4J runs
   */
  public ForwardPass(Architecture architecture, IntFunction<CompressedTensor> tensors) {
    this.architecture = architecture;
    vocabularies = architecture.vocabularies();
    tokens = IntStream.range(0, vocabularies.length).filter(i -> vocabularies[i] > 0).toArray();
    List<ParameterTensor> places = architecture.tensors();
    int next = 0;
    // What an integer layer has done already.
    BitSet passing = new BitSet();
    for (int i = 0; i < architecture.nodes().size(); i++) {
      List<CompressedTensor> parameters = new ArrayList<>();
      while (next < places.size() && places.get(next).layer() == i) {
        parameters.add(tensors.apply(next++));
      }
      Optional<IntegerLayer> integers = IntegerLayer.of(architecture, i, parameters);
      if (integers.isPresent()) {
        kernels.add(
            new IntegerKernel(
                integers.get(), architecture.inputShape(i), architecture.outputShape(i)));
        integers.get().others(architecture).forEach(passing::set);
      } else {
        kernels.add(passing.get(i) ? PASSING : kernel(i, parameters));
      }
    }
    lastReaders = new int[kernels.size()];
    for (int i = 0; i < lastReaders.length; i++) {
      List<Integer> readers = architecture.readers(i);
      lastReaders[i] = readers.isEmpty() ? i : readers.get(readers.size() - 1);
    }
    long all = architecture.input().size();
    for (int i = 0; i < lastReaders.length; i++) {
      all += architecture.outputShape(i).size();
    }
    numbers = (int) Math.min(Integer.MAX_VALUE, all);
  }

  private Kernel kernel(int index, List<CompressedTensor> tensors) {
    List<Matrix> parameters = tensors.stream().map(Matrices::of).toList();
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
    return forward(
        divided(features),
        (node, read) -> {
          float[] output = new float[architecture.outputShape(node).size()];
          kernels.get(node).run(read.toArray(new float[0][]), output);
          return output;
        });
  }

  /**
   * The logits of several examples, to the bit those of one after the other, but sooner: each
   * weight is decoded once for up to {@value #MOST_AT_ONCE} of them, as far as what lies between
   * the layers then takes no more than 16 MB.
   *
   * @param examples of each its features, as {@link #logits(float[])} reads them
   * @throws IllegalArgumentException if those of one are not what that reads
   */
  public List<float[]> logits(List<float[]> examples) {
    examples.forEach(this::check);
    int together = Math.min(MOST_AT_ONCE, MOST_NUMBERS / numbers);
    List<float[]> logits = new ArrayList<>();
    for (int from = 0; from < examples.size(); from += Math.max(1, together)) {
      int to = Math.min(examples.size(), from + Math.max(1, together));
      if (to - from < FEWEST_AT_ONCE) {
        examples.subList(from, to).forEach(features -> logits.add(logits(features)));
      } else {
        logits.addAll(together(examples.subList(from, to)));
      }
    }
    return logits;
  }

  /**
   * Shows what each node makes of some examples, from the first to the last.
   *
   * @param examples of each its features, as {@link #logits(float[])} reads them
   * @throws IllegalArgumentException as that
   */
  public void show(List<float[]> examples, NodeOutput target) {
    examples.forEach(this::check);
    float[][] input = Transposed.of(examples.stream().map(this::divided).toArray(float[][]::new));
    target.of(Node.NETWORK_INPUT, input);
    forward(input, (node, read) -> shown(node, outputs(node, read), target));
  }

  private static float[][] shown(int node, float[][] made, NodeOutput target) {
    target.of(node, made);
    return made;
  }

  /** Takes what a node makes. */
  @FunctionalInterface
  public interface NodeOutput {
    /**
     * @param node or {@link Node#NETWORK_INPUT}: the features as the first layers read them
     * @param output of each number, {@code [channel][y][x]}, those of all examples; not to be
     *     changed
     */
    void of(int node, float[][] output);
  }

  private List<float[]> together(List<float[]> examples) {
    float[][] input = Transposed.of(examples.stream().map(this::divided).toArray(float[][]::new));
    float[][] output = forward(input, this::outputs);
    return List.of(Transposed.of(output));
  }

  private float[][] outputs(int node, List<float[][]> read) {
    int examples = read.get(0)[0].length;
    float[][] made = new float[architecture.outputShape(node).size()][examples];
    kernels.get(node).runAll(read.toArray(new float[0][][]), made);
    return made;
  }

  private float[] divided(float[] features) {
    float[] divided = features.clone();
    float divisor = architecture.input().divisor();
    for (int i = 0; i < divided.length && divisor != 1; i++) {
      divided[i] /= divisor;
    }
    return divided;
  }

  /** Runs one node after the other, on whatever lies between them. */
  private <V> V forward(V input, NodeRun<V> run) {
    List<V> made = new ArrayList<>();
    for (int i = 0; i < kernels.size(); i++) {
      List<Integer> sources = architecture.nodes().get(i).inputs();
      List<V> read = new ArrayList<>();
      for (int source : sources) {
        read.add(source == Node.NETWORK_INPUT ? input : made.get(source));
      }
      made.add(run.of(i, read));
      for (int source : sources) {
        if (source != Node.NETWORK_INPUT && lastReaders[source] == i) {
          // What nothing reads any more need not be kept.
          made.set(source, input);
        }
      }
    }
    return made.get(made.size() - 1);
  }

  private interface NodeRun<V> {
    V of(int node, List<V> read);
  }

  private void check(float[] features) {
    if (features.length != architecture.input().size()) {
      throw new IllegalArgumentException(
          "%d features: the network reads %d"
              .formatted(features.length, architecture.input().size()));
    }
    for (int i : tokens) {
      boolean isToken =
          features[i] >= 0 && features[i] < vocabularies[i] && features[i] == (int) features[i];
      if (!isToken) {
        throw new IllegalArgumentException(
            "feature %d = %s: must be a token, a whole number from 0 to %d"
                .formatted(i, features[i], vocabularies[i] - 1));
      }
    }
  }
}
