package dev.pare.export;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Layer;
import dev.pare.graph.Node;
import dev.pare.graph.Quantization;
import dev.pare.graph.Shortcut;
import dev.pare.kernel.IntegerLayer;
import dev.pare.prepare.Preparation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Makes ONNX models of networks. */
public final class OnnxExport {
  /** Most parameters of a model, which is a protobuf message of less than 2 GiB. */
  private static final int MOST_PARAMETERS = (Integer.MAX_VALUE - (16 << 20)) / Float.BYTES;

  private OnnxExport() {}

  /**
   * A network as a model that reads raw values and makes what the network is for.
   *
   * <p>Its input is {@code input}, {@code [batch, columns]} where the network has a preparation of
   * numbers, else {@code [batch, features]} or {@code [batch, channels, height, width]}; missing
   * numbers are NaN. Where there are categories each column is an input of its own by its name,
   * {@code [batch, 1]}, categories being texts. Its output is {@code [batch, outputs]}: {@code
   * probabilities} of classes, where the network ends with a softmax, or the last layer's {@code
   * outputs}.
   *
   * @param form of the weights
   * @param metadata what is known of the network, beside what the model says itself
   * @throws ExportException naming the layer that ONNX has nothing like
   */
  public static ExportedModel of(
      CompressedNetwork network, WeightForm form, Map<String, String> metadata) {
    return of(network, form, null, metadata);
  }

  /**
   * The same with quantized activations: what layers read is rounded to 8 bits by pairs of {@code
   * QuantizeLinear} and {@code DequantizeLinear}, by which runtimes know that they can compute with
   * integers: dense layers and convolutions whose weights are {@link WeightForm#INT8}, too, and
   * whose biases are then 32-bit integers. The outputs of the last layer are not rounded.
   *
   * @param ranges of the layers' outputs; null leaves them as floats
   */
  public static ExportedModel of(
      CompressedNetwork network,
      WeightForm form,
      @Nullable ActivationRanges ranges,
      Map<String, String> metadata) {
    Architecture architecture = network.architecture();
    if (architecture.parameters() > MOST_PARAMETERS) {
      throw new ExportException(
          "%d parameters: an ONNX model holds at most %d in one file"
              .formatted(architecture.parameters(), MOST_PARAMETERS));
    }
    OnnxModel model = new OnnxModel();
    Weights weights = new Weights(network, form);
    Value prepared = PreparedInput.add(model, architecture, network.preparation());
    Value input =
        ranges == null
            ? prepared
            : ranges.input().map(range -> model.quantized(prepared, range)).orElse(prepared);
    Map<Integer, IntegerLayer> integers = IntegerLayer.all(network);
    Set<Integer> clipped = clipped(architecture, integers.values());
    List<Value> made = new ArrayList<>();
    for (int i = 0; i < architecture.nodes().size(); i++) {
      Node node = architecture.nodes().get(i);
      model.within("layer_" + i);
      List<Value> inputs =
          node.inputs().stream()
              .map(from -> from == Node.NETWORK_INPUT ? input : made.get(from))
              .toList();
      if (clipped.contains(i) && !integers.containsKey(i)) {
        made.add(inputs.get(0));
        continue;
      }
      Place place =
          new Place(model, weights, architecture, i, inputs, Optional.ofNullable(integers.get(i)));
      Value sums = Exporters.sums(node.layer(), place);
      boolean last = i == architecture.nodes().size() - 1;
      Optional<Quantization> range = last || ranges == null ? Optional.empty() : ranges.layer(i);
      Activation activation = node.layer().activation();
      // Levels that stand for no number below 0 are a ReLU.
      boolean done =
          last && isProbabilities(architecture)
              || clipped.contains(i)
              || activation == Activation.RELU
                  && range.filter(levels -> levels.zeroPoint() == 0).isPresent();
      Value activated = done ? sums : ElementwiseLayers.activated(model, sums, activation);
      made.add(range.map(levels -> model.quantized(activated, levels)).orElse(activated));
    }
    Value last = model.vector(made.get(made.size() - 1));
    model.within("");
    Value output;
    if (isProbabilities(architecture)) {
      last = model.rename(last, model.unused("logits"));
      output =
          model.rename(
              ElementwiseLayers.activated(model, last, Activation.SOFTMAX),
              model.unused("probabilities"));
    } else {
      last = model.rename(last, model.unused("outputs"));
      output = last;
    }
    made.set(made.size() - 1, last);
    return new ExportedModel(
        model.build(output, version(), metadata(network.preparation(), metadata)).toByteArray(),
        network,
        weights.written(),
        made.stream().map(Value::name).toList(),
        isExact(architecture, integers.keySet(), clipped));
  }

  /** Whether what is not computed in integers moves levels, makes some or adds them. */
  private static boolean isExact(
      Architecture architecture, Set<Integer> integers, Set<Integer> clipped) {
    return IntStream.range(0, architecture.layers().size())
        .allMatch(
            i -> {
              Layer layer = architecture.layers().get(i);
              return integers.contains(i)
                  || clipped.contains(i)
                  || layer instanceof Quantization
                  || layer instanceof Shortcut
                  || layer.picksNumbers();
            });
  }

  /** The nodes whose clipping the ends of the levels behind them do. */
  private static Set<Integer> clipped(
      Architecture architecture, Collection<IntegerLayer> integers) {
    Set<Integer> clipped = new HashSet<>();
    for (IntegerLayer layer : integers) {
      if (layer.output().isPresent() && layer.clipsNothing()) {
        clipped.add(layer.node());
        clipped.addAll(layer.others(architecture));
        clipped.remove(layer.last());
      }
    }
    return clipped;
  }

  private static boolean isProbabilities(Architecture architecture) {
    return architecture.output() == Activation.SOFTMAX;
  }

  private static Map<String, String> metadata(
      Preparation preparation, Map<String, String> metadata) {
    Map<String, String> all = new LinkedHashMap<>();
    if (!preparation.classes().isEmpty()) {
      all.put("classes", json(preparation.classes()));
    }
    all.putAll(metadata);
    return all;
  }

  private static String json(List<String> texts) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    texts.forEach(array::add);
    return array.toString();
  }

  private static String version() {
    String version = OnnxExport.class.getPackage().getImplementationVersion();
    return version == null ? "" : version;
  }
}
