package dev.pare.export;

import dev.pare.graph.Activation;
import dev.pare.graph.Elementwise;
import dev.pare.graph.Prelu;
import dev.pare.graph.Quantization;
import dev.pare.graph.Softmax;
import dev.pare.graph.SparseActivation;
import java.util.Map;

/** Functions of each number by itself, and sparse activations. */
final class ElementwiseLayers {
  private ElementwiseLayers() {}

  /** Applies the activation that a layer has. */
  static Value activated(OnnxModel model, Value sums, Activation activation) {
    return switch (activation) {
      case IDENTITY -> sums;
      case RELU -> sums.named(model.node("Relu", Map.of(), sums.name()));
      case SIGMOID -> sums.named(model.node("Sigmoid", Map.of(), sums.name()));
      case TANH -> sums.named(model.node("Tanh", Map.of(), sums.name()));
      case SOFTMAX -> sums.named(model.node("Softmax", Map.of("axis", 1), sums.name()));
    };
  }

  static Value function(Elementwise layer, Place place) {
    float a = layer.first();
    float b = layer.second();
    return switch (layer.function()) {
      case RELU -> place.likeInput("Relu", Map.of());
      case CLIP ->
          place.likeInput(
              "Clip", Map.of(), place.model().number("min", a), place.model().number("max", b));
      case LEAKY_RELU -> place.likeInput("LeakyRelu", Map.of("alpha", a));
      case ELU -> place.likeInput("Elu", Map.of("alpha", a));
      case SELU -> place.likeInput("Selu", Map.of());
      case SIGMOID -> place.likeInput("Sigmoid", Map.of());
      case HARD_SIGMOID -> place.likeInput("HardSigmoid", Map.of("alpha", a, "beta", b));
      case TANH -> place.likeInput("Tanh", Map.of());
      case SOFTPLUS -> place.likeInput("Softplus", Map.of());
      case SILU -> times(place, node(place, "Sigmoid", Map.of()));
      case HARD_SWISH ->
          times(place, node(place, "HardSigmoid", Map.of("alpha", 1f / 6, "beta", 0.5f)));
      case GELU -> gelu(place);
      case GELU_TANH -> geluByTanh(place);
      case AFFINE -> affine(place, a, b);
      case SQUARE -> times(place, place.input().name());
      case ABSOLUTE -> place.likeInput("Abs", Map.of());
    };
  }

  private static String node(Place place, String operator, Map<String, ?> attributes) {
    return place.model().node(operator, attributes, place.input().name());
  }

  /** The input times another value. */
  private static Value times(Place place, String other) {
    return place.likeInput("Mul", Map.of(), other);
  }

  private static String with(Place place, String operator, String value, float constant) {
    OnnxModel model = place.model();
    return model.node(operator, Map.of(), value, model.number("constant", constant));
  }

  /** x · (1 + erf(x / √2)) / 2. */
  private static Value gelu(Place place) {
    String quotient = with(place, "Div", place.input().name(), (float) Math.sqrt(2));
    String erf = place.model().node("Erf", Map.of(), quotient);
    Value product = times(place, with(place, "Add", erf, 1));
    return product.named(with(place, "Mul", product.name(), 0.5f));
  }

  /** x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))) / 2. */
  private static Value geluByTanh(Place place) {
    OnnxModel model = place.model();
    String x = place.input().name();
    String cube = with(place, "Mul", with(place, "Pow", x, 3), 0.044715f);
    String sum = model.node("Add", Map.of(), x, cube);
    String tanh =
        model.node("Tanh", Map.of(), with(place, "Mul", sum, (float) Math.sqrt(2 / Math.PI)));
    Value product = times(place, with(place, "Add", tanh, 1));
    return product.named(with(place, "Mul", product.name(), 0.5f));
  }

  private static Value affine(Place place, float factor, float summand) {
    String product = with(place, "Mul", place.input().name(), factor);
    return place.input().named(with(place, "Add", product, summand));
  }

  static Value sparse(SparseActivation layer, Place place) {
    return switch (layer.rule()) {
      case THRESHOLD -> where(place, layer.level(), place.input().name());
      case BINARY -> where(place, layer.level() / 2, place.model().number("level", layer.level()));
      case TOP_K -> topK(layer, place);
    };
  }

  /** A value where the input is at least as large, else zero. */
  private static Value where(Place place, float least, String value) {
    OnnxModel model = place.model();
    String large = with(place, "GreaterOrEqual", place.input().name(), least);
    return place
        .input()
        .named(model.node("Where", Map.of(), large, value, model.number("zero", 0)));
  }

  /** Of equal numbers {@code TopK} takes the first, too. */
  private static Value topK(SparseActivation layer, Place place) {
    OnnxModel model = place.model();
    Value positive = place.likeInput("Relu", Map.of());
    int size = positive.shape().size();
    Value flat = model.vector(positive);
    int count = Math.min(layer.k(), size);
    String[] largest =
        model.nodeOf("TopK", Map.of("axis", 1), 2, flat.name(), model.vector("k", count));
    String zeros =
        model.node("ConstantOfShape", Map.of(), model.node("Shape", Map.of(), flat.name()));
    String scattered =
        model.node("ScatterElements", Map.of("axis", 1), zeros, largest[1], largest[0]);
    Value topK = flat.named(scattered);
    return place.input().flat() ? topK : model.image(topK);
  }

  static Value prelu(Prelu layer, Place place) {
    Value read = place.input();
    float[] slopes = place.values("slope");
    Value source = read.flat() && !read.shape().isPoint() ? place.image() : read;
    int[] dims = source.flat() ? new int[] {slopes.length} : new int[] {slopes.length, 1, 1};
    String slope = place.model().floats("slope", dims, slopes);
    return source.named(place.model().node("PRelu", Map.of(), source.name(), slope));
  }

  static Value quantization(Quantization layer, Place place) {
    return place.model().quantized(place.input(), layer);
  }

  static Value softmax(Softmax layer, Place place) {
    Value read = place.input();
    Value source = read.flat() && !read.shape().isPoint() ? place.image() : read;
    String operator = layer.form() == Softmax.Form.SHARES ? "Softmax" : "LogSoftmax";
    return source.named(place.model().node(operator, Map.of("axis", 1), source.name()));
  }
}
