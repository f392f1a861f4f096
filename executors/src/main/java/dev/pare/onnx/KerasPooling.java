package dev.pare.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pare.onnx.KerasModel.Value;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Pooling, and layers that change how many places there are. */
final class KerasPooling {
  private static final int MOST_SIDE = 4096;

  private KerasPooling() {}

  /** Over windows. */
  static KerasLayers.Meaning of(String operator, int sides) {
    return call -> {
      Value in = call.input(sides);
      KerasSettings settings = call.settings();
      int[] kernel = settings.sides("pool_size", sides, 2);
      JsonNode strides = settings.setting("strides");
      boolean apart = strides.isNull() || strides.isMissingNode();
      int[] stride = apart ? kernel : settings.sides("strides", sides);
      int[] one = new int[sides];
      Arrays.fill(one, 1);
      KerasWindows windows = KerasWindows.of(call, in, kernel, stride, one);
      return call.first(
          in,
          windows.with(in.channels()),
          operator,
          Map.of("kernel_shape", kernel, "strides", stride, "pads", windows.pads()));
    };
  }

  /** Over all places. */
  static KerasLayers.Meaning whole(String operator, int sides) {
    return call -> {
      Value in = call.input(sides);
      call.settings().is("data_format", "channels_last");
      int[] dims = new int[sides + 1];
      Arrays.fill(dims, 1);
      dims[sides] = in.channels();
      Value pooled = call.first(in, dims, operator, Map.of());
      return call.settings().flag("keepdims", false)
          ? pooled
          : call.reshaped(pooled, in.channels());
    };
  }

  static KerasLayers.Meaning padding(int sides) {
    return call -> {
      Value in = call.input(sides);
      int[][] ends = ends(call, "padding", sides);
      long[] pads = new long[2 * (sides + 2)];
      int[] dims = in.dims().clone();
      for (int i = 0; i < sides; i++) {
        pads[2 + i] = ends[i][0];
        pads[sides + 4 + i] = ends[i][1];
        dims[i] += ends[i][0] + ends[i][1];
      }
      return call.first(in, dims, "Pad", Map.of("mode", "constant"), call.onnx().constant(pads));
    };
  }

  static KerasLayers.Meaning cropping(int sides) {
    return call -> {
      Value in = call.input(sides);
      int[][] ends = ends(call, "cropping", sides);
      long[] from = new long[sides];
      long[] to = new long[sides];
      long[] axes = new long[sides];
      int[] dims = in.dims().clone();
      for (int i = 0; i < sides; i++) {
        from[i] = ends[i][0];
        to[i] = (long) in.dims()[i] - ends[i][1];
        axes[i] = i + 1L;
        dims[i] = Math.max(0, (int) (to[i] - from[i]));
      }
      ModelBuilder onnx = call.onnx();
      String made =
          onnx.node(
              "Slice",
              Map.of(),
              in.name(),
              onnx.constant(from),
              onnx.constant(to),
              onnx.constant(axes));
      return new Value(made, dims);
    };
  }

  /** How many at the beginning and at the end of each side. */
  private static int[][] ends(KerasCall call, String name, int sides) {
    call.settings().is("data_format", "channels_last");
    JsonNode found = call.settings().setting(name);
    int[][] ends = new int[sides][2];
    for (int i = 0; i < sides; i++) {
      JsonNode ofSide = sides == 1 ? found : found.path(i);
      for (int end = 0; end < 2; end++) {
        ends[i][end] = KerasSettings.within(name, ofSide.path(end), 0, MOST_SIDE);
      }
    }
    return ends;
  }

  /** Each place several times, or what lies between places. */
  static KerasLayers.Meaning upsampling(int sides) {
    return call -> {
      Value in = call.input(sides);
      KerasSettings settings = call.settings();
      settings.is("data_format", "channels_last");
      int[] factors = settings.sides("size", sides, 2);
      String method = settings.setting("interpolation").asText("nearest");
      Map<String, Object> attributes = new HashMap<>();
      switch (method) {
        case "nearest" -> {
          attributes.put("mode", "nearest");
          attributes.put("coordinate_transformation_mode", "asymmetric");
          attributes.put("nearest_mode", "floor");
        }
        case "bilinear" -> {
          if (!call.version().hasCentres()) {
            throw new OnnxException(
                "interpolation = bilinear is not supported of Keras %s, whose numbers between places"
                        .formatted(OnnxException.shown(call.version().text()))
                    + " are not those of TensorFlow 2; save the model again with Keras 2.4 or later");
          }
          attributes.put("mode", "linear");
        }
        default ->
            throw new OnnxException(
                "interpolation = " + OnnxException.shown(method) + " is not supported");
      }
      float[] scales = new float[sides + 2];
      Arrays.fill(scales, 1);
      int[] dims = in.dims().clone();
      for (int i = 0; i < sides; i++) {
        scales[i + 2] = factors[i];
        dims[i] = Math.multiplyExact(dims[i], factors[i]);
      }
      String all = call.onnx().constant(new int[] {scales.length}, scales);
      return call.first(in, dims, "Resize", attributes, "", all);
    };
  }
}
