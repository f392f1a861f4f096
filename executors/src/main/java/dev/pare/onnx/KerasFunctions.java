package dev.pare.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pare.onnx.KerasModel.Value;
import java.util.Map;

/** Functions of each number, and softmax. */
final class KerasFunctions {
  private static final int[] ONE = {};

  private KerasFunctions() {}

  /** A value after a layer's activation. */
  static Value activated(KerasCall call, Value in) {
    String function = call.settings().setting("activation").asText("linear");
    return switch (function) {
      case "linear" -> in;
      case "relu" -> call.each(in, "Relu", Map.of());
      case "sigmoid" -> call.each(in, "Sigmoid", Map.of());
      case "tanh" -> call.each(in, "Tanh", Map.of());
      case "softmax" -> call.each(in, "Softmax", Map.of("axis", -1));
      case "softplus" -> call.each(in, "Softplus", Map.of());
      case "selu" -> call.each(in, "Selu", Map.of());
      case "elu" -> call.each(in, "Elu", Map.of("alpha", 1f));
      case "gelu" -> call.each(in, "Gelu", Map.of());
      case "hard_sigmoid" -> call.each(in, "HardSigmoid", Map.of("alpha", 0.2f, "beta", 0.5f));
      case "swish", "silu" ->
          call.each(in, "Mul", Map.of(), call.onnx().node("Sigmoid", Map.of(), in.name()));
      default ->
          throw new OnnxException(
              "activation = " + OnnxException.shown(function) + " is not supported");
    };
  }

  /** A function with a constant. */
  static KerasLayers.Meaning of(String operator, double alpha) {
    return call ->
        call.each(call.input(), operator, Map.of("alpha", call.settings().number("alpha", alpha)));
  }

  static Value softmax(KerasCall call) {
    Value in = call.input();
    int rank = in.dims().length;
    int axis = call.settings().only("axis", -1);
    if (axis == 0 || axis > rank || axis < -rank) {
      throw new OnnxException("axis = %d: must be one of %d sides".formatted(axis, rank));
    }
    return call.each(in, "Softmax", Map.of("axis", axis));
  }

  static Value rectified(KerasCall call) {
    Value in = call.input();
    KerasSettings settings = call.settings();
    if (settings.number("threshold", 0) != 0) {
      throw new OnnxException("threshold: must be 0");
    }
    float slope = settings.number("negative_slope", 0);
    JsonNode most = settings.setting("max_value");
    if (most.isNull() || most.isMissingNode()) {
      return slope == 0
          ? call.each(in, "Relu", Map.of())
          : call.each(in, "LeakyRelu", Map.of("alpha", slope));
    }
    if (slope != 0) {
      throw new OnnxException("negative_slope: must be 0 beside max_value");
    }
    ModelBuilder onnx = call.onnx();
    String bound = onnx.constant(ONE, settings.number("max_value", 0));
    return call.each(in, "Clip", Map.of(), onnx.constant(ONE, 0f), bound);
  }

  /** Slopes of all numbers, or the same along some sides. */
  static Value slopes(KerasCall call) {
    Value in = call.input();
    int[] dims = in.dims().clone();
    JsonNode shared = call.settings().setting("shared_axes");
    for (int i = 0; i < shared.size(); i++) {
      dims[KerasSettings.within("shared_axes", shared.get(i), 1, dims.length) - 1] = 1;
    }
    return call.each(in, "PRelu", Map.of(), call.onnx().constant(dims, call.tensor("alpha", dims)));
  }

  static Value scaled(KerasCall call) {
    ModelBuilder onnx = call.onnx();
    String scale = onnx.constant(ONE, call.settings().number("scale", 1));
    String offset = onnx.constant(ONE, call.settings().number("offset", 0));
    Value scaled = call.each(call.input(), "Mul", Map.of(), scale);
    return call.each(scaled, "Add", Map.of(), offset);
  }
}
