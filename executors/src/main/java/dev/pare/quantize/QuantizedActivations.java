package dev.pare.quantize;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.data.Examples;
import dev.pare.data.SubsetExamples;
import dev.pare.graph.Architecture;
import dev.pare.graph.Arithmetic;
import dev.pare.graph.Concatenation;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Dl4jLayer;
import dev.pare.graph.Layer;
import dev.pare.graph.Network;
import dev.pare.graph.Node;
import dev.pare.graph.Pooling;
import dev.pare.graph.Quantization;
import dev.pare.graph.Shortcut;
import dev.pare.kernel.ForwardPass;
import dev.pare.kernel.IntegerLayer;
import dev.pare.sparsify.UnsupportedNetworkException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts {@link Quantization}s of 8 bits where dense layers and convolutions read, for arithmetic in
 * integers (Jacob et al. 2018).
 *
 * <p>Rounded is what a dense layer or convolution reads, as it is or behind layers that keep levels
 * ({@link Layer#picksNumbers}), averages and sums; there levels are made as early as they can be.
 * All that is added has one scale, so that sums of levels are exact, and all that is concatenated
 * one scale and zero point. Scales are calibrated on some examples ({@link ActivationHistogram}),
 * by plain arithmetic that is the same on any machine. Where the columns or channels of the input
 * are so different that one scale would lose some of them, the input stays floats.
 */
public final class QuantizedActivations {
  /** Examples to calibrate on; fewer where they have many features. */
  private static final int EXAMPLES = 256;

  private static final int MOST_FEATURES = 1 << 23;

  /** The share of an input's variance that may be lost by rounding. */
  private static final double MOST_LOST = 0.1;

  private static final Logger LOG = LoggerFactory.getLogger(QuantizedActivations.class);

  private final Architecture architecture;

  /** Of the input, then of each node, whether levels are made there. */
  private final boolean[] rounded;

  private QuantizedActivations(Architecture architecture) {
    this.architecture = architecture;
    rounded = rounded(architecture);
  }

  /**
   * The network with activations of 8 bits; its parameters, and levels that it has already, stay as
   * they are.
   *
   * @param examples to calibrate on, of which up to 256 are taken, evenly spaced
   * @throws UnsupportedNetworkException if the network has a layer that only DL4J runs, or nothing
   *     to round, or makes what is no finite number
   */
  public static Network of(Network network, Examples examples) {
    Architecture architecture = network.architecture();
    for (Layer layer : architecture.layers()) {
      if (layer instanceof Dl4jLayer) {
        throw new UnsupportedNetworkException(
            "activation-bits = 8: a " + layer.title() + " runs in DL4J alone");
      }
    }
    QuantizedActivations own = new QuantizedActivations(architecture);
    Map<Integer, Quantization> scales = own.scales(network, examples);
    if (scales.isEmpty()) {
      if (Quantization.isIn(architecture)) {
        return network;
      }
      throw new UnsupportedNetworkException(
          "activation-bits = 8: the network has no dense layer or convolution that could read levels");
    }
    return new Network(own.with(scales), network.parameters());
  }

  /**
   * Makes sure that what reads levels is computed in integers.
   *
   * @throws UnsupportedNetworkException naming a layer that is not
   */
  public static void check(CompressedNetwork network) {
    Architecture architecture = network.architecture();
    Map<Integer, IntegerLayer> integers = IntegerLayer.all(network);
    for (int i = 0; i < architecture.nodes().size(); i++) {
      Layer layer = architecture.layers().get(i);
      if (multiplies(layer)
          && IntegerLayer.levels(architecture, architecture.source(i)).isPresent()
          && !integers.containsKey(i)) {
        throw new UnsupportedNetworkException(
            ("activation-bits = 8: layer %d (%s) cannot be computed in integers: its weights take"
                    + " more than 8 bits, or its sums more than 32")
                .formatted(i, layer.summary()));
      }
    }
  }

  private static boolean multiplies(Layer layer) {
    return layer instanceof Dense || layer instanceof Convolution;
  }

  private static boolean[] rounded(Architecture architecture) {
    int nodes = architecture.nodes().size();
    boolean[] needed = new boolean[nodes + 1];
    for (int i = nodes - 1; i >= 0; i--) {
      Layer layer = architecture.layers().get(i);
      boolean isNeeded =
          multiplies(layer) || needed[i + 1] && (layer.picksNumbers() || combines(layer));
      if (isNeeded) {
        architecture.nodes().get(i).inputs().forEach(from -> needed[from + 1] = true);
      }
    }
    // Tokens are no numbers to be rounded.
    needed[0] &= IntStream.of(architecture.vocabularies()).allMatch(tokens -> tokens == 0);
    for (int i = 0; i < nodes; i++) {
      // These keep the levels that they read, or make some already.
      Layer layer = architecture.layers().get(i);
      needed[i + 1] &= !layer.picksNumbers() && !(layer instanceof Quantization);
    }
    return needed;
  }

  private static boolean combines(Layer layer) {
    return adds(layer)
        || layer instanceof Pooling pooling
            && !pooling.vertical().isPadded()
            && !pooling.horizontal().isPadded();
  }

  private static boolean adds(Layer layer) {
    return layer instanceof Shortcut
        || layer instanceof Arithmetic arithmetic
            && (arithmetic.operation() == Arithmetic.Operation.ADD
                || arithmetic.operation() == Arithmetic.Operation.SUBTRACT);
  }

  /** Where levels are made, what the levels stand for. */
  private Map<Integer, Quantization> scales(Network network, Examples examples) {
    ForwardPass pass = new ForwardPass(architecture, CompressedNetwork.of(network).tensors()::get);
    Examples some =
        SubsetExamples.spread(
            examples,
            Math.min(
                examples.size(),
                Math.min(EXAMPLES, Math.max(1, MOST_FEATURES / examples.features()))));
    Map<Integer, ActivationHistogram> histograms = new TreeMap<>();
    for (int i = 0; i < rounded.length; i++) {
      if (rounded[i]) {
        histograms.put(i - 1, new ActivationHistogram());
      }
    }
    eachBatch(pass, some, histograms, ActivationHistogram::widen);
    eachBatch(pass, some, histograms, ActivationHistogram::count);
    Map<Integer, Quantization> ranges = new TreeMap<>();
    histograms.forEach(
        (node, histogram) -> {
          Quantization range =
              histogram
                  .range()
                  .orElseThrow(
                      () ->
                          new UnsupportedNetworkException(
                              "activation-bits = 8: %s no finite number"
                                  .formatted(
                                      node == Node.NETWORK_INPUT
                                          ? "the network reads what is"
                                          : "layer %d makes what is".formatted(node))));
          // Where there is nothing but zeros, any levels will do.
          if (!histogram.isSilent()) {
            ranges.put(node, range);
          }
        });
    Map<Integer, Quantization> all = new Shared().quantizations(ranges);
    Quantization input = all.get(Node.NETWORK_INPUT);
    if (input != null) {
      int lost = lost(input, some);
      if (lost > 0) {
        LOG.warn(
            "activation-bits = 8: what the network reads stays floats, as 256 levels for all of it"
                + " would tell little of {} of its {} columns or channels; bring them to one scale",
            lost,
            architecture.input().channels());
        all.remove(Node.NETWORK_INPUT);
      }
    }
    return all;
  }

  /** Of how many channels of the input levels leave less than nine tenths of the variance. */
  private int lost(Quantization input, Examples examples) {
    int channels = architecture.input().channels();
    int places = architecture.input().size() / channels;
    double[] sums = new double[channels];
    double[] squares = new double[channels];
    double[] errors = new double[channels];
    float[] features = new float[examples.features()];
    for (int e = 0; e < examples.size(); e++) {
      examples.copyFeatures(e, features, 0);
      for (int i = 0; i < features.length; i++) {
        float value = features[i] / architecture.input().divisor();
        double error = (double) value - input.of(value);
        sums[i / places] += value;
        squares[i / places] += (double) value * value;
        errors[i / places] += error * error;
      }
    }
    double count = (double) examples.size() * places;
    int lost = 0;
    for (int c = 0; c < channels; c++) {
      double variance = squares[c] - sums[c] * sums[c] / count;
      lost += variance > 0 && errors[c] > MOST_LOST * variance ? 1 : 0;
    }
    return lost;
  }

  private interface Use {
    void of(ActivationHistogram histogram, float[] values);
  }

  private void eachBatch(
      ForwardPass pass, Examples examples, Map<Integer, ActivationHistogram> histograms, Use use) {
    long numbers = architecture.input().size();
    for (int i = 0; i < architecture.nodes().size(); i++) {
      numbers += architecture.outputShape(i).size();
    }
    int batch = (int) Math.max(1, Math.min(64, MOST_FEATURES / numbers));
    for (int from = 0; from < examples.size(); from += batch) {
      List<float[]> some = new ArrayList<>();
      for (int i = from; i < Math.min(examples.size(), from + batch); i++) {
        float[] features = new float[examples.features()];
        examples.copyFeatures(i, features, 0);
        some.add(features);
      }
      pass.show(
          some,
          (node, output) -> {
            ActivationHistogram histogram = histograms.get(node);
            for (int i = 0; histogram != null && i < output.length; i++) {
              use.of(histogram, output[i]);
            }
          });
    }
  }

  /** Which levels have scales, and zero points, in common. */
  private final class Shared {
    private final int[] alike = IntStream.range(0, rounded.length).toArray();
    private final int[] scaled = IntStream.range(0, rounded.length).toArray();

    Shared() {
      for (int i = 0; i < architecture.nodes().size(); i++) {
        Node node = architecture.nodes().get(i);
        List<Integer> read = node.inputs().stream().map(this::made).toList();
        boolean isLevels = read.stream().allMatch(from -> rounded[from + 1]);
        if (node.layer() instanceof Concatenation && isLevels) {
          read.forEach(from -> join(alike, read.get(0) + 1, from + 1));
        }
        if (adds(node.layer()) && isLevels && rounded[i + 1]) {
          int own = i + 1;
          read.forEach(from -> join(scaled, own, from + 1));
        }
      }
      for (int i = 0; i < alike.length; i++) {
        join(scaled, root(alike, i), i);
      }
    }

    /** Where the levels are made that a node passes on. */
    private int made(int node) {
      int at = node;
      while (at != Node.NETWORK_INPUT && architecture.layers().get(at).picksNumbers()) {
        at = architecture.source(at);
      }
      return at;
    }

    /**
     * @param ranges where levels are made, by themselves; not where any will do
     */
    Map<Integer, Quantization> quantizations(Map<Integer, Quantization> ranges) {
      double[] lows = new double[rounded.length];
      double[] highs = new double[rounded.length];
      ranges.forEach(
          (node, range) -> {
            int group = root(alike, node + 1);
            lows[group] = Math.min(lows[group], -(double) range.zeroPoint() * range.scale());
            highs[group] =
                Math.max(
                    highs[group],
                    (double) (Quantization.LAST_LEVEL - range.zeroPoint()) * range.scale());
          });
      float[] scales = new float[rounded.length];
      for (int node : ranges.keySet()) {
        int group = root(alike, node + 1);
        int common = root(scaled, node + 1);
        float own = Quantization.between(lows[group], highs[group]).scale();
        scales[common] = Math.max(scales[common], own);
      }
      Map<Integer, Quantization> quantizations = new TreeMap<>();
      for (int i = 0; i < rounded.length; i++) {
        if (rounded[i]) {
          float common = scales[root(scaled, i)];
          float scale = common > 0 ? common : 1;
          long zero = Math.round(-lows[root(alike, i)] / scale);
          quantizations.put(
              i - 1, new Quantization(scale, (int) Math.min(Quantization.LAST_LEVEL, zero)));
        }
      }
      return quantizations;
    }

    private static int root(int[] groups, int member) {
      return groups[member] == member ? member : root(groups, groups[member]);
    }

    private static void join(int[] groups, int one, int other) {
      groups[root(groups, other)] = root(groups, one);
    }
  }

  /** The architecture with quantizations behind nodes, or behind the input. */
  private Architecture with(Map<Integer, Quantization> quantizations) {
    List<Node> nodes = new ArrayList<>();
    // Where each layer's output comes from now, and the input.
    int[] moved = new int[rounded.length];
    moved[0] = Node.NETWORK_INPUT;
    for (int i = -1; i < architecture.nodes().size(); i++) {
      if (i >= 0) {
        Node node = architecture.nodes().get(i);
        nodes.add(
            new Node(node.layer(), node.inputs().stream().map(from -> moved[from + 1]).toList()));
        moved[i + 1] = nodes.size() - 1;
      }
      Quantization quantization = quantizations.get(i);
      if (quantization != null) {
        nodes.add(Node.of(quantization, moved[i + 1]));
        moved[i + 1] = nodes.size() - 1;
      }
    }
    return new Architecture(architecture.input(), nodes);
  }
}
