package dev.pare.export;

import dev.pare.graph.ChannelPooling;
import dev.pare.graph.Interpolation;
import dev.pare.graph.Pooling;
import dev.pare.graph.Shape;
import dev.pare.graph.Window;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import onnx.Onnx.TensorProto;

/** Pooling, of which padding is no part. */
final class PoolingLayers {
  private PoolingLayers() {}

  static Value pooling(Pooling layer, Place place) {
    boolean gaps = layer.vertical().dilation() > 1 || layer.horizontal().dilation() > 1;
    Map<String, Object> attributes = WeightLayers.windows(layer.vertical(), layer.horizontal());
    if (layer.pool() == Pooling.Pool.MAX) {
      return gaps && !isTaken(layer, place)
          ? maximumWithGaps(layer, place)
          : maximum(place, place.image().name(), attributes);
    }
    if (place.integers().isPresent()) {
      Value read = place.image();
      attributes.put("group", read.shape().channels());
      return WeightLayers.convolution(place.integers().get(), read, attributes, place);
    }
    if (gaps) {
      return averageWithGaps(layer, place);
    }
    attributes.remove("dilations");
    return place.imageOf("AveragePool", attributes, place.image().name());
  }

  /**
   * ONNX Runtime fuses padding with zeros into maximum pooling behind it, which then ignores the
   * zeros; not where indices are asked for, too.
   */
  private static Value maximum(Place place, String read, Map<String, ?> attributes) {
    OnnxModel model = place.model();
    int outputs = model.isPadded(read) ? 2 : 1;
    String largest = model.nodeOf("MaxPool", attributes, outputs, read)[0];
    return new Value(largest, place.shape(), false);
  }

  /**
   * Whether ONNX Runtime takes windows as they are: padding has to be less than a window's places,
   * and each window has to see some of the input.
   */
  private static boolean isTaken(Pooling layer, Place place) {
    Window vertical = layer.vertical();
    Window horizontal = layer.horizontal();
    return Math.max(vertical.before(), vertical.after()) < vertical.kernel()
        && Math.max(horizontal.before(), horizontal.after()) < horizontal.kernel()
        && IntStream.of(seen(layer, place)).allMatch(count -> count > 0);
  }

  private static Value maximumWithGaps(Pooling layer, Place place) {
    OnnxModel model = place.model();
    Window vertical = layer.vertical();
    Window horizontal = layer.horizontal();
    String padded =
        model.node(
            "Pad",
            Map.of(),
            place.image().name(),
            model.vector(
                "pads",
                0,
                0,
                vertical.before(),
                horizontal.before(),
                0,
                0,
                vertical.after(),
                horizontal.after()),
            model.number("least", Float.NEGATIVE_INFINITY));
    Map<String, Object> attributes = WeightLayers.windows(vertical, horizontal);
    attributes.remove("pads");
    Value largest = maximum(place, padded, attributes);
    int[] seen = seen(layer, place);
    byte[] some = new byte[seen.length];
    for (int i = 0; i < seen.length; i++) {
      some[i] = (byte) (seen[i] > 0 ? 1 : 0);
    }
    String mask =
        model.constant(
            OnnxModel.tensor(
                model.unused("seen"), TensorProto.DataType.BOOL, places(place.shape()), some));
    return place.imageOf("Where", Map.of(), mask, largest.name(), model.number("zero", 0));
  }

  /** Averages with gaps are of opset 19; a depthwise convolution has them, too. */
  private static Value averageWithGaps(Pooling layer, Place place) {
    OnnxModel model = place.model();
    Shape shape = place.shape();
    int area = layer.vertical().kernel() * layer.horizontal().kernel();
    float[] ones = new float[shape.channels() * area];
    Arrays.fill(ones, 1);
    Map<String, Object> attributes = WeightLayers.windows(layer.vertical(), layer.horizontal());
    attributes.put("group", shape.channels());
    int[] dims = {shape.channels(), 1, layer.vertical().kernel(), layer.horizontal().kernel()};
    String sums =
        model.node("Conv", attributes, place.image().name(), model.floats("ones", dims, ones));
    int[] seen = seen(layer, place);
    float[] shares = new float[seen.length];
    for (int i = 0; i < seen.length; i++) {
      shares[i] = seen[i] == 0 ? 0 : 1f / seen[i];
    }
    return place.imageOf("Mul", Map.of(), sums, model.floats("shares", places(shape), shares));
  }

  private static int[] places(Shape shape) {
    return new int[] {1, 1, shape.height(), shape.width()};
  }

  /** Of each window, how many of its places are in the input. */
  private static int[] seen(Pooling layer, Place place) {
    Shape read = place.input().shape();
    Shape shape = place.shape();
    int[] seen = new int[shape.places()];
    for (int i = 0; i < seen.length; i++) {
      seen[i] =
          inside(layer.vertical(), i / shape.width(), read.height())
              * inside(layer.horizontal(), i % shape.width(), read.width());
    }
    return seen;
  }

  private static int inside(Window window, int at, int side) {
    int inside = 0;
    for (int k = 0; k < window.kernel(); k++) {
      int place = at * window.stride() + k * window.dilation() - window.before();
      inside += place >= 0 && place < side ? 1 : 0;
    }
    return inside;
  }

  static Value channels(ChannelPooling layer, Place place) {
    String operator = layer.pool() == Pooling.Pool.MAX ? "ReduceMax" : "ReduceMean";
    return place.imageOf(
        operator, Map.of("axes", new int[] {1}, "keepdims", 1), place.image().name());
  }

  static Value interpolation(Interpolation layer, Place place) {
    OnnxModel model = place.model();
    Shape read = place.input().shape();
    Shape shape = place.shape();
    Interpolation.Side vertical = layer.vertical();
    Interpolation.Side horizontal = layer.horizontal();
    Map<String, Object> attributes = new TreeMap<>();
    attributes.put("mode", layer.method() == Interpolation.Method.LINEAR ? "linear" : "nearest");
    if (layer.method() != Interpolation.Method.LINEAR) {
      attributes.put("nearest_mode", nearest(layer.method()));
    }
    attributes.put(
        "coordinate_transformation_mode", layer.coordinates().name().toLowerCase(Locale.ROOT));
    String image = place.image().name();
    boolean byScales =
        (int) (read.height() * vertical.scale()) == shape.height()
            && (int) (read.width() * horizontal.scale()) == shape.width();
    if (byScales) {
      float[] scales = {1, 1, vertical.scale(), horizontal.scale()};
      return place.imageOf(
          "Resize", attributes, image, "", model.floats("scales", new int[] {4}, scales));
    }
    // Sizes have the batch's, too, which is the input's.
    String batch =
        model.node(
            "Slice",
            Map.of(),
            model.node("Shape", Map.of(), image),
            model.vector("from", 0),
            model.vector("to", 2));
    String sizes =
        model.node(
            "Concat",
            Map.of("axis", 0),
            batch,
            model.vector("sides", shape.height(), shape.width()));
    return place.imageOf("Resize", attributes, image, "", "", sizes);
  }

  private static String nearest(Interpolation.Method method) {
    return switch (method) {
      case FLOOR, LINEAR -> "floor";
      case CEILING -> "ceil";
      case NEAREST_FLOOR -> "round_prefer_floor";
      case NEAREST_CEILING -> "round_prefer_ceil";
    };
  }
}
