package dev.pare.onnx;

import dev.pare.onnx.KerasModel.Value;
import java.util.Arrays;

/**
 * Windows over a value's sides.
 *
 * @param pads zeros before each side, then after each
 * @param counts how many windows there are
 */
record KerasWindows(int[] pads, int[] counts) {
  /** As a layer's settings have them. */
  static KerasWindows of(KerasCall call, Value in, int[] kernel, int[] stride, int[] dilation) {
    call.settings().is("data_format", "channels_last");
    String padding = call.settings().setting("padding").asText("valid");
    int sides = kernel.length;
    int[] pads = new int[2 * sides];
    int[] counts = new int[sides];
    for (int i = 0; i < sides; i++) {
      int side = in.dims()[i];
      int reach = reach(kernel[i], dilation[i]);
      switch (padding) {
        case "valid" -> {}
        case "same" -> {
          int all = Math.max(0, (side - 1) / stride[i] * stride[i] + reach - side);
          pads[i] = all / 2;
          pads[sides + i] = all - all / 2;
        }
        case "causal" -> {
          if (sides > 1) {
            throw new OnnxException("padding = causal: is for sequences");
          }
          pads[i] = reach - 1;
        }
        default ->
            throw new OnnxException("padding = " + OnnxException.shown(padding) + " is not known");
      }
      int room = side + pads[i] + pads[sides + i] - reach;
      if (room < 0) {
        throw new OnnxException("a window of %d on %d".formatted(reach, side));
      }
      counts[i] = room / stride[i] + 1;
    }
    return new KerasWindows(pads, counts);
  }

  /** How many numbers there are from a window's first to its last. */
  static int reach(int kernel, int dilation) {
    return Math.addExact(Math.multiplyExact(kernel - 1, dilation), 1);
  }

  /** Sides of what is made with so many channels. */
  int[] with(int channels) {
    int[] dims = Arrays.copyOf(counts, counts.length + 1);
    dims[counts.length] = channels;
    return dims;
  }
}
