package dev.pare.onnx;

import dev.pare.onnx.KerasModel.Value;
import java.util.Map;

/** Attention of one sequence to itself or to another. */
final class KerasAttention {
  private static final int MOST_WIDTH = 1 << 20;

  private KerasAttention() {}

  /** Of several heads. */
  static Value heads(KerasCall call) {
    Value query = call.input(1);
    Value value = call.keyword("value");
    Value key = call.settings().keyword("key").isArray() ? call.keyword("key") : value;
    if (value.dims().length != 2 || key.dims().length != 2 || key.dims()[0] != value.dims()[0]) {
      throw new OnnxException("reads no sequences of as many keys as values");
    }
    KerasSettings settings = call.settings();
    int heads = settings.whole("num_heads", 0, 1, MOST_WIDTH);
    int width = settings.whole("key_dim", 0, 1, MOST_WIDTH);
    int ofValues =
        settings.setting("value_dim").isNull()
            ? width
            : settings.whole("value_dim", width, 1, MOST_WIDTH);
    settings.is("output_shape", "null");
    if (settings.only("attention_axes", 1) != 1) {
      throw new OnnxException("attention_axes: must be the steps of a sequence");
    }
    for (String known : new String[] {"dropout", "query_shape", "key_shape", "value_shape"}) {
      settings.setting(known);
    }
    ModelBuilder onnx = call.onnx();
    String queries = split(call, query, "query", heads, width, 0, 2, 1, 3);
    String keys = split(call, key, "key", heads, width, 0, 2, 3, 1);
    String values = split(call, value, "value", heads, ofValues, 0, 2, 1, 3);
    String scale = onnx.constant(new int[0], (float) (1 / Math.sqrt(width)));
    String scores = onnx.node("Mul", Map.of(), onnx.node("MatMul", Map.of(), queries, keys), scale);
    if (settings.keyword("use_causal_mask").asBoolean(false)) {
      scores = onnx.node("Add", Map.of(), scores, later(onnx, query.dims()[0], key.dims()[0]));
    }
    String shares = onnx.node("Softmax", Map.of("axis", -1), scores);
    String mixed =
        onnx.node(
            "Transpose",
            Map.of("perm", new int[] {0, 2, 1, 3}),
            onnx.node("MatMul", Map.of(), shares, values));
    int steps = query.dims()[0];
    int inner = Math.multiplyExact(heads, ofValues);
    Value together =
        call.reshaped(new Value(mixed, new int[] {steps, heads, ofValues}), steps, inner);
    int units = query.channels();
    return call.product(
        together,
        units,
        call.tensor("attention_output/kernel", heads, ofValues, units),
        biased(call) ? call.tensor("attention_output/bias", units) : new float[units]);
  }

  private static boolean biased(KerasCall call) {
    return call.settings().flag("use_bias", true);
  }

  /** What a dense layer makes at each step, its units in heads. */
  private static String split(
      KerasCall call, Value in, String name, int heads, int width, int... axes) {
    int units = Math.multiplyExact(heads, width);
    float[] kernel = call.tensor(name + "/kernel", in.channels(), heads, width);
    float[] bias = biased(call) ? call.tensor(name + "/bias", heads, width) : new float[units];
    Value made = call.product(in, units, kernel, bias);
    Value split = call.reshaped(made, in.dims()[0], heads, width);
    return call.onnx().node("Transpose", Map.of("perm", axes), split.name());
  }

  /** A number that hides keys behind each query's step. */
  private static String later(ModelBuilder onnx, int queries, int keys) {
    float[] numbers = new float[Dimensions.computed(queries, keys)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i % keys > i / keys ? -1e9f : 0;
    }
    return onnx.constant(new int[] {queries, keys}, numbers);
  }
}
