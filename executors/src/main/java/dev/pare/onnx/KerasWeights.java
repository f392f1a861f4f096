package dev.pare.onnx;

import dev.pare.onnx.KerasModel.Value;
import java.util.Arrays;
import java.util.Map;
import onnx.Onnx.TensorProto.DataType;

/** Dense layers, tables of vectors, and normalization. */
final class KerasWeights {
  private static final int MOST_UNITS = 1 << 28;

  /** TensorFlow's normalization of images raises a smaller epsilon to it, as cuDNN asks for. */
  private static final float LEAST_EPSILON_OF_IMAGES = 1.001e-5f;

  private KerasWeights() {}

  static Value dense(KerasCall call) {
    Value in = call.input();
    int units = call.settings().whole("units", 0, 1, MOST_UNITS);
    float[] kernel = call.tensor("kernel", in.channels(), units);
    return KerasFunctions.activated(call, call.product(in, units, kernel, call.bias(units)));
  }

  /** A dense layer at each step, which is what a dense layer is anyway. */
  static Value distributed(KerasCall call) {
    KerasSettings.Inner inner = call.settings().inner("layer");
    if (!inner.type().equals("Dense")) {
      throw new OnnxException(
          "of %s is not supported; Pare has Dense".formatted(OnnxException.shown(inner.type())));
    }
    return KerasLayers.translated("Dense", call.within(inner.settings(), call.weights()));
  }

  static Value embedding(KerasCall call) {
    Value in = call.input();
    KerasSettings settings = call.settings();
    int tokens = settings.whole("input_dim", 0, 1, MOST_UNITS);
    int width = settings.whole("output_dim", 0, 1, MOST_UNITS);
    settings.is("mask_zero", "false");
    settings.is("sparse", "false");
    // How many tokens there are is known from what is read.
    settings.setting("input_length");
    String table =
        call.onnx().constant(new int[] {tokens, width}, call.tensor("embeddings", tokens, width));
    String wholes = call.onnx().node("Cast", Map.of("to", DataType.INT64_VALUE), in.name());
    int[] dims = Arrays.copyOf(in.dims(), in.dims().length + 1);
    dims[dims.length - 1] = width;
    return new Value(call.onnx().node("Gather", Map.of("axis", 0), table, wholes), dims);
  }

  static Value batchNormalization(KerasCall call) {
    Value in = call.input();
    checkAxis(call, in);
    int channels = in.channels();
    int[] dims = {channels};
    String[] statistics = {
      call.onnx().constant(dims, factors(call, channels)),
      call.onnx().constant(dims, summands(call, channels)),
      call.onnx().constant(dims, call.tensor("moving_mean", channels)),
      call.onnx().constant(dims, call.tensor("moving_variance", channels))
    };
    float declared = call.settings().number("epsilon", 1e-3);
    boolean image = in.dims().length == 3;
    Map<String, ?> epsilon =
        Map.of("epsilon", image ? Math.max(declared, LEAST_EPSILON_OF_IMAGES) : declared);
    return in.dims().length == 1
        ? call.each(in, "BatchNormalization", epsilon, statistics)
        : call.first(in, in.dims(), "BatchNormalization", epsilon, statistics);
  }

  static Value layerNormalization(KerasCall call) {
    Value in = call.input();
    checkAxis(call, in);
    int[] dims = {in.channels()};
    return call.each(
        in,
        "LayerNormalization",
        Map.of("axis", -1, "epsilon", call.settings().number("epsilon", 1e-3)),
        call.onnx().constant(dims, factors(call, in.channels())),
        call.onnx().constant(dims, summands(call, in.channels())));
  }

  private static void checkAxis(KerasCall call, Value in) {
    int axis = call.settings().only("axis", -1);
    if (axis != in.dims().length && axis != -1) {
      throw new OnnxException("axis: must be the last one, of channels");
    }
  }

  private static float[] factors(KerasCall call, int channels) {
    float[] ones = new float[channels];
    Arrays.fill(ones, 1);
    return call.settings().flag("scale", true) ? call.tensor("gamma", channels) : ones;
  }

  private static float[] summands(KerasCall call, int channels) {
    return call.settings().flag("center", true)
        ? call.tensor("beta", channels)
        : new float[channels];
  }
}
