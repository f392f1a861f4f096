package dev.pare.onnx;

import dev.pare.graph.Layer;
import dev.pare.graph.Shape;
import dev.pare.graph.Window;
import java.util.List;
import java.util.Optional;

/** How the windows of a convolution or of pooling lie on an image, or on a sequence. */
record Windows(Side vertical, Side horizontal, int rank) {
  private static final int IMAGE = 4;

  /**
   * Along one side.
   *
   * @param length of the input
   * @param before zeros at its beginning
   * @param after zeros at its end
   */
  record Side(int length, int kernel, int stride, int before, int after) {
    /** Of which there is one place alone. */
    static final Side POINT = new Side(1, 1, 1, 0, 0);

    /**
     * As layers have it.
     *
     * @throws OnnxException if they do not
     */
    Window axis() {
      if (before != after) {
        throw new OnnxException(
            "pads of %d before and %d behind are not supported; Pare pads both ends alike"
                .formatted(before, after));
      }
      if (before >= kernel) {
        throw new OnnxException(
            "pads of %d for a kernel of %d are not supported; they must be less"
                .formatted(before, kernel));
      }
      return new Window(kernel, stride, before);
    }

    int windows() {
      long padded = (long) length + before + after;
      if (kernel > padded) {
        throw new OnnxException("a window of %d does not fit %d".formatted(kernel, padded));
      }
      return (int) ((padded - kernel) / stride + 1);
    }
  }

  /**
   * The windows of a node, by its attributes.
   *
   * @param kernel along each side of the image or the sequence
   */
  static Windows of(Call call, Flow flow, long[] kernel) {
    int[] dims = flow.dims();
    Shape shape = flow.shape();
    int sides = kernel.length;
    if (sides < 1 || sides > 2 || dims.length != sides + 2) {
      throw new OnnxException(
          "windows of %d axes on %s; Pare has them on images and on sequences"
              .formatted(sides, Dimensions.text(dims)));
    }
    if (dims[0] != 1 || dims[1] != shape.channels() || !flow.isInOrder()) {
      throw new OnnxException(misfit(flow));
    }
    Side[] all = new Side[sides];
    for (int i = 0; i < sides; i++) {
      all[i] = side(call, i, sides, dims[i + 2], kernel[i]);
    }
    if (sides == 2 && dims[2] == shape.height() && dims[3] == shape.width()) {
      return new Windows(all[0], all[1], dims.length);
    }
    if (sides == 1 && dims[2] == shape.height() && shape.width() == 1) {
      return new Windows(all[0], Side.POINT, dims.length);
    }
    if (sides == 1 && dims[2] == shape.width() && shape.height() == 1) {
      return new Windows(Side.POINT, all[0], dims.length);
    }
    throw new OnnxException(misfit(flow));
  }

  private static String misfit(Flow flow) {
    Shape shape = flow.shape();
    String what =
        "it reads %s, where there are %d×%d×%d"
            .formatted(
                Dimensions.text(flow.dims()), shape.channels(), shape.height(), shape.width());
    return flow.layer() < 0 ? what + "; data.shape says what examples are" : what;
  }

  private static Side side(Call call, int index, int sides, int length, long kernel) {
    OnnxNode node = call.node();
    long stride = setting(node, "strides", index, sides, 1);
    long dilation = setting(node, "dilations", index, sides, 1);
    if (kernel < 1 || kernel > Short.MAX_VALUE || stride < 1 || stride > Short.MAX_VALUE) {
      throw new OnnxException("a kernel of %d with a stride of %d".formatted(kernel, stride));
    }
    if (dilation != 1) {
      throw new OnnxException(
          "a dilation of %d is not supported; Pare has windows without gaps".formatted(dilation));
    }
    String mode = node.text("auto_pad", "NOTSET");
    long before = 0;
    long after = 0;
    switch (mode) {
      case "NOTSET" -> {
        before = setting(node, "pads", index, 2 * sides, 0);
        after = setting(node, "pads", index + sides, 2 * sides, 0);
      }
      case "VALID" -> {}
      case "SAME_UPPER", "SAME_LOWER" -> {
        long windows = (length - 1) / stride + 1;
        long zeros = Math.max(0, (windows - 1) * stride + kernel - length);
        before = mode.equals("SAME_UPPER") ? zeros / 2 : zeros - zeros / 2;
        after = zeros - before;
      }
      default -> throw new OnnxException("auto_pad = " + OnnxException.shown(mode));
    }
    if (before < 0 || after < 0 || before > Short.MAX_VALUE || after > Short.MAX_VALUE) {
      throw new OnnxException(
          "pads of %d before and %d behind are not supported".formatted(before, after));
    }
    return new Side(length, (int) kernel, (int) stride, (int) before, (int) after);
  }

  private static long setting(OnnxNode node, String name, int index, int count, long otherwise) {
    Optional<List<Long>> values = node.wholes(name);
    if (values.isEmpty()) {
      return otherwise;
    }
    if (values.get().size() != count) {
      throw new OnnxException(
          "%s has %d numbers, not %d".formatted(name, values.get().size(), count));
    }
    return values.get().get(index);
  }

  boolean isPadded() {
    return vertical.before() + vertical.after() + horizontal.before() + horizontal.after() > 0;
  }

  /** Puts the layer behind a value. */
  Flow add(Call call, Flow flow, Layer layer, int channels, float[]... tensors) {
    Shape out = new Shape(channels, vertical.windows(), horizontal.windows());
    int[] seen =
        rank == IMAGE
            ? new int[] {1, channels, out.height(), out.width()}
            : new int[] {1, channels, out.height() * out.width()};
    return call.builder().add(flow, layer, out, Selection.reshaped(seen), tensors);
  }
}
