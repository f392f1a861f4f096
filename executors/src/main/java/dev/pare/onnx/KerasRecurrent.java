package dev.pare.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pare.onnx.KerasModel.Value;
import dev.pare.onnx.KerasModel.Weights;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** LSTMs and GRUs, in one direction or both. */
final class KerasRecurrent {
  /** Steps of gates as ONNX has them, of those that Keras has: input, forget, cell, output. */
  private static final int[] LSTM_GATES = {0, 3, 1, 2};

  /** Update, reset, hidden, as in Keras. */
  private static final int[] GRU_GATES = {0, 1, 2};

  private KerasRecurrent() {}

  static Value lstm(KerasCall call) {
    return recurrent(call, LSTM_GATES, "forward");
  }

  static Value gru(KerasCall call) {
    return recurrent(call, GRU_GATES, "forward");
  }

  /**
   * A layer that reads from the first step on, and its like, with the other half of the tensors.
   */
  static Value bothDirections(KerasCall call) {
    KerasSettings settings = call.settings();
    JsonNode mode = settings.setting("merge_mode");
    // Null is two outputs.
    String merge = mode.isNull() ? "null" : mode.asText("concat");
    KerasSettings.Inner inner = settings.inner("layer");
    if (!settings.setting("backward_layer").isMissingNode()) {
      throw new OnnxException("a backward_layer of its own is not supported");
    }
    int[] gates =
        switch (inner.type()) {
          case "LSTM" -> LSTM_GATES;
          case "GRU" -> GRU_GATES;
          default ->
              throw new OnnxException(
                  "of %s is not supported; Pare has LSTM and GRU"
                      .formatted(OnnxException.shown(inner.type())));
        };
    List<Weights> all = call.weights();
    int half = all.size() / 2;
    Value one = direction(call, inner, all.subList(0, half), gates, "forward");
    Value other = direction(call, inner, all.subList(half, all.size()), gates, "reverse");
    ModelBuilder onnx = call.onnx();
    return switch (merge) {
      case "concat" -> {
        int[] dims = one.dims().clone();
        dims[dims.length - 1] *= 2;
        yield new Value(
            onnx.node("Concat", Map.of("axis", dims.length), one.name(), other.name()), dims);
      }
      case "sum" -> call.each(one, "Add", Map.of(), other.name());
      case "mul" -> call.each(one, "Mul", Map.of(), other.name());
      case "ave" ->
          call.each(
              call.each(one, "Add", Map.of(), other.name()),
              "Mul",
              Map.of(),
              onnx.constant(new int[0], 0.5f));
      default ->
          throw new OnnxException("merge_mode = " + OnnxException.shown(merge) + " is not known");
    };
  }

  private static Value direction(
      KerasCall call,
      KerasSettings.Inner inner,
      List<Weights> weights,
      int[] gates,
      String direction) {
    KerasCall half = call.within(inner.settings(), weights);
    half.settings().is("dtype", "float32");
    Value made = recurrent(half, gates, direction);
    half.checkAll();
    return made;
  }

  private static Value recurrent(KerasCall call, int[] gates, String direction) {
    Value in = call.input(1);
    KerasSettings settings = call.settings();
    boolean gru = gates.length == 3;
    settings.must("activation", "tanh");
    settings.must("recurrent_activation", "sigmoid");
    for (String option : List.of("go_backwards", "stateful", "return_state", "time_major")) {
      settings.is(option, "false");
    }
    // These concern training alone.
    settings.setting("dropout");
    settings.setting("recurrent_dropout");
    settings.setting("unit_forget_bias");
    if (gru) {
      settings.must("reset_after", "true");
    }
    int units = settings.whole("units", 0, 1, 1 << 20);
    int all = Math.multiplyExact(gates.length, units);
    int features = in.channels();
    float[] kernel = gates(call.tensor("kernel", features, all), features, units, gates);
    float[] own = gates(call.tensor("recurrent_kernel", units, all), units, units, gates);
    float[] bias = new float[2 * all];
    if (settings.flag("use_bias", true)) {
      float[] values = gru ? call.tensor("bias", 2, all) : call.tensor("bias", all);
      for (int half = 0; half < values.length / all; half++) {
        float[] part = Arrays.copyOfRange(values, half * all, (half + 1) * all);
        System.arraycopy(gates(part, 1, units, gates), 0, bias, half * all, all);
      }
    }
    boolean last = !settings.flag("return_sequences", false);
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("hidden_size", units);
    attributes.put("direction", direction);
    if (gru) {
      attributes.put("linear_before_reset", 1);
    }
    ModelBuilder onnx = call.onnx();
    String made =
        onnx.node(
            gru ? "GRU" : "LSTM",
            attributes,
            last ? 2 : 1,
            onnx.node("Transpose", Map.of("perm", new int[] {1, 0, 2}), in.name()),
            onnx.constant(new int[] {1, all, features}, kernel),
            onnx.constant(new int[] {1, all, units}, own),
            onnx.constant(new int[] {1, 2 * all}, bias));
    if (last) {
      return new Value(onnx.node("Squeeze", Map.of(), made, onnx.constant(0L)), new int[] {units});
    }
    String steps = onnx.node("Squeeze", Map.of(), made, onnx.constant(1L));
    return new Value(
        onnx.node("Transpose", Map.of("perm", new int[] {1, 0, 2}), steps),
        new int[] {in.dims()[0], units});
  }

  /** A row for each unit of each gate, of Keras's columns. */
  private static float[] gates(float[] values, int rows, int units, int[] gates) {
    float[] turned = new float[values.length];
    int all = gates.length * units;
    for (int gate = 0; gate < gates.length; gate++) {
      for (int unit = 0; unit < units; unit++) {
        for (int row = 0; row < rows; row++) {
          turned[(gate * units + unit) * rows + row] =
              values[row * all + gates[gate] * units + unit];
        }
      }
    }
    return turned;
  }
}
