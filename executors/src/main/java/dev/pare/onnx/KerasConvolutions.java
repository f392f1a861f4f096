package dev.pare.onnx;

import dev.pare.onnx.KerasModel.Value;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;

/** Convolutions of all kinds, of sequences and images. */
final class KerasConvolutions {
  private static final int MOST_FILTERS = 1 << 28;

  private KerasConvolutions() {}

  /** A convolution, perhaps in groups. */
  static KerasLayers.Meaning of(int sides) {
    return call -> {
      Value in = call.input(sides);
      int filters = filters(call);
      int groups = call.settings().whole("groups", 1, 1, in.channels());
      if (in.channels() % groups != 0 || filters % groups != 0) {
        throw new OnnxException("groups = " + groups + ": must divide the channels");
      }
      int[] kernel = call.settings().sides("kernel_size", sides);
      int each = in.channels() / groups;
      float[] values = call.tensor("kernel", with(kernel, each, filters));
      int area = values.length / (each * filters);
      float[] turned = new float[values.length];
      for (int at = 0; at < values.length; at++) {
        int filter = at % filters;
        int channel = at / filters % each;
        turned[(filter * each + channel) * area + at / filters / each] = values[at];
      }
      Value made = convolved(call, in, turned, filters, each, kernel, groups, call.bias(filters));
      return KerasFunctions.activated(call, made);
    };
  }

  private static int filters(KerasCall call) {
    return call.settings().whole("filters", 0, 1, MOST_FILTERS);
  }

  private static int[] with(int[] kernel, int... channels) {
    return IntStream.concat(IntStream.of(kernel), IntStream.of(channels)).toArray();
  }

  private static Value convolved(
      KerasCall call,
      Value in,
      float[] kernel,
      int filters,
      int each,
      int[] sides,
      int groups,
      float[] bias) {
    int[] stride = call.settings().sides("strides", sides.length, 1);
    int[] dilation = call.settings().sides("dilation_rate", sides.length, 1);
    KerasWindows windows = KerasWindows.of(call, in, sides, stride, dilation);
    return call.first(
        in,
        windows.with(filters),
        "Conv",
        Map.of(
            "kernel_shape", sides,
            "strides", stride,
            "dilations", dilation,
            "pads", windows.pads(),
            "group", groups),
        call.onnx().constant(before(sides, filters, each), kernel),
        call.onnx().constant(new int[] {filters}, bias));
  }

  private static int[] before(int[] kernel, int... channels) {
    return IntStream.concat(IntStream.of(channels), IntStream.of(kernel)).toArray();
  }

  /** As many filters for each channel. */
  static KerasLayers.Meaning depthwise(int sides) {
    return call -> {
      Value in = call.input(sides);
      Depthwise kernel = Depthwise.of(call, in);
      return KerasFunctions.activated(call, kernel.of(call, in, call.bias(kernel.filters)));
    };
  }

  /** A kernel of so many filters, as many for each channel, in ONNX's order. */
  private record Depthwise(int filters, int[] sides, float[] values) {
    static Depthwise of(KerasCall call, Value in) {
      call.settings().whole("groups", 1, 1, 1);
      int channels = in.channels();
      int multiplier = call.settings().whole("depth_multiplier", 1, 1, 4096);
      int filters = Math.multiplyExact(channels, multiplier);
      int[] sides = call.settings().sides("kernel_size", in.dims().length - 1);
      float[] values = call.tensor("depthwise_kernel", with(sides, channels, multiplier));
      int area = values.length / filters;
      float[] turned = new float[values.length];
      for (int at = 0; at < values.length; at++) {
        turned[at % filters * area + at / filters] = values[at];
      }
      return new Depthwise(filters, sides, turned);
    }

    Value of(KerasCall call, Value in, float[] bias) {
      return convolved(call, in, values, filters, 1, sides, in.channels(), bias);
    }
  }

  /** As many for each channel, and a dense layer at each place. */
  static KerasLayers.Meaning separable(int sides) {
    return call -> {
      Value in = call.input(sides);
      int filters = filters(call);
      Depthwise first = Depthwise.of(call, in);
      int between = first.filters;
      Value deep = first.of(call, in, new float[between]);
      int[] points = new int[sides];
      Arrays.fill(points, 1);
      float[] kernel = call.tensor("pointwise_kernel", with(points, between, filters));
      Value made = call.product(deep, filters, kernel, call.bias(filters));
      return KerasFunctions.activated(call, made);
    };
  }

  /**
   * A convolution's gradient. Of TensorFlow's padding {@code same}, sides are multiplied by the
   * stride; the further number that is cut off is at the end.
   */
  static KerasLayers.Meaning transposed(int sides) {
    return call -> {
      Value in = call.input(sides);
      KerasSettings settings = call.settings();
      settings.is("data_format", "channels_last");
      settings.is("output_padding", "null");
      settings.whole("groups", 1, 1, 1);
      int filters = filters(call);
      int[] kernel = settings.sides("kernel_size", sides);
      int[] stride = settings.sides("strides", sides, 1);
      int[] dilation = settings.sides("dilation_rate", sides, 1);
      String padding = settings.setting("padding").asText("valid");
      if (!padding.equals("valid") && !padding.equals("same")) {
        throw new OnnxException("padding = " + OnnxException.shown(padding) + " is not known");
      }
      int[] pads = new int[2 * sides];
      int[] rest = new int[sides];
      int[] dims = new int[sides + 1];
      for (int i = 0; i < sides; i++) {
        int reach = KerasWindows.reach(kernel[i], dilation[i]);
        int cut = padding.equals("same") ? Math.max(reach - stride[i], 0) : 0;
        pads[i] = cut / 2;
        pads[sides + i] = cut - cut / 2;
        rest[i] = Math.max(stride[i] - reach, 0);
        int most = Math.multiplyExact(in.dims()[i], stride[i]);
        dims[i] = Math.addExact(most, Math.max(reach - stride[i], 0) - cut);
      }
      dims[sides] = filters;
      int channels = in.channels();
      float[] values = call.tensor("kernel", with(kernel, filters, channels));
      int area = values.length / (filters * channels);
      float[] turned = new float[values.length];
      for (int at = 0; at < values.length; at++) {
        int channel = at % channels;
        int filter = at / channels % filters;
        turned[(channel * filters + filter) * area + at / channels / filters] = values[at];
      }
      Value made =
          call.first(
              in,
              dims,
              "ConvTranspose",
              Map.of(
                  "kernel_shape", kernel,
                  "strides", stride,
                  "dilations", dilation,
                  "pads", pads,
                  "output_padding", rest),
              call.onnx().constant(before(kernel, channels, filters), turned),
              call.onnx().constant(new int[] {filters}, call.bias(filters)));
      return KerasFunctions.activated(call, made);
    };
  }
}
