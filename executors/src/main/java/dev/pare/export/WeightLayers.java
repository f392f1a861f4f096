package dev.pare.export;

import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.TransposedConvolution;
import dev.pare.graph.Window;
import dev.pare.kernel.IntegerLayer;
import java.util.Map;
import java.util.TreeMap;

/** Dense layers and convolutions. */
final class WeightLayers {
  private WeightLayers() {}

  static Value dense(Dense layer, Place place) {
    Value read = place.model().vector(place.input());
    if (place.integers().isPresent()) {
      IntegerLayer integers = place.integers().get();
      return place.vectorOf(
          "Gemm",
          Map.of("transB", 1),
          place.levels(read, integers).name(),
          place.weight(integers, layer.units(), read.shape().size()),
          place.bias(integers));
    }
    String weight = place.weight("W", "b", read.name(), layer.units(), read.shape().size());
    return place.vectorOf(
        "Gemm", Map.of("transB", 1), read.name(), weight, place.bias("b", read.name(), weight));
  }

  static Value convolution(Convolution layer, Place place) {
    Value read = place.image();
    int channels = read.shape().channels() / layer.groups();
    Map<String, Object> attributes = windows(layer.vertical(), layer.horizontal());
    attributes.put("group", layer.groups());
    if (place.integers().isPresent()) {
      return convolution(place.integers().get(), read, attributes, place);
    }
    String weight =
        place.weight(
            "W",
            "b",
            read.name(),
            layer.filters(),
            channels,
            layer.vertical().kernel(),
            layer.horizontal().kernel());
    return place.imageOf(
        "Conv", attributes, read.name(), weight, place.bias("b", read.name(), weight));
  }

  /** A convolution in integers, or an average that is one. */
  static Value convolution(
      IntegerLayer integers, Value read, Map<String, Object> attributes, Place place) {
    Convolution layer = (Convolution) integers.layer();
    String weight =
        place.weight(
            integers,
            layer.filters(),
            read.shape().channels() / layer.groups(),
            layer.vertical().kernel(),
            layer.horizontal().kernel());
    return place.imageOf(
        "Conv", attributes, place.levels(read, integers).name(), weight, place.bias(integers));
  }

  /** How windows lie. */
  static Map<String, Object> windows(Window vertical, Window horizontal) {
    Map<String, Object> attributes = new TreeMap<>();
    attributes.put("kernel_shape", new int[] {vertical.kernel(), horizontal.kernel()});
    attributes.put("strides", new int[] {vertical.stride(), horizontal.stride()});
    attributes.put("dilations", new int[] {vertical.dilation(), horizontal.dilation()});
    attributes.put(
        "pads",
        new int[] {vertical.before(), horizontal.before(), vertical.after(), horizontal.after()});
    return attributes;
  }

  /** Whose weights ONNX has input channels first of. */
  static Value transposed(TransposedConvolution layer, Place place) {
    OnnxModel model = place.model();
    Value read = place.image();
    int groups = layer.groups();
    int filters = layer.filters() / groups;
    int channels = read.shape().channels() / groups;
    int rows = layer.vertical().kernel();
    int columns = layer.horizontal().kernel();
    String weight = place.weight("W", layer.filters(), channels, rows, columns);
    if (groups == 1) {
      weight = model.node("Transpose", Map.of("perm", new int[] {1, 0, 2, 3}), weight);
    } else {
      String grouped =
          model.node(
              "Reshape",
              Map.of(),
              weight,
              model.vector("groups", groups, filters, channels, rows, columns));
      weight =
          model.node(
              "Reshape",
              Map.of(),
              model.node("Transpose", Map.of("perm", new int[] {0, 2, 1, 3, 4}), grouped),
              model.vector("sides", (long) groups * channels, filters, rows, columns));
    }
    Map<String, Object> attributes = windows(layer.vertical(), layer.horizontal());
    attributes.put("group", groups);
    attributes.put("output_padding", new int[] {layer.below(), layer.right()});
    return place.imageOf("ConvTranspose", attributes, read.name(), weight, place.vector("b"));
  }
}
