package dev.pare.onnx;

import dev.pare.graph.Layer;
import dev.pare.graph.Shape;
import dev.pare.graph.Window;
import dev.pare.graph.ZeroPadding;
import java.util.List;
import java.util.Optional;

/**
 * How the windows of a convolution or of pooling lie on an image, or on a sequence.
 *
 * @param flow what they lie on
 * @param rank how many axes the node sees
 */
record Windows(Flow flow, Side vertical, Side horizontal, int rank) {
  private static final int IMAGE = 4;

  /**
   * Along one side.
   *
   * @param length of the input
   * @param before places of padding at its beginning
   * @param after places of padding at its end
   */
  record Side(int length, int kernel, int stride, int dilation, int before, int after) {
    /** Of which there is one place alone. */
    static final Side POINT = new Side(1, 1, 1, 1, 0, 0);

    Window window() {
      return new Window(kernel, stride, dilation, before, after);
    }

    private long span() {
      return (kernel - 1L) * dilation + 1;
    }

    /** Whether no window can lie on padding alone. */
    private boolean isNarrow() {
      return before < span() && after < span();
    }

    private Side padded(int front, int back) {
      return new Side(length, kernel, stride, dilation, before + front, after + back);
    }

    private Side on(int other) {
      return new Side(other, kernel, stride, dilation, before, after);
    }

    private Side withoutPadding() {
      return new Side(length + before + after, kernel, stride, dilation, 0, 0);
    }

    /** With as much padding behind as a last window needs that begins within the input. */
    private Side ceiling() {
      long rest = (long) length + before + after - span();
      long windows = Math.max(0, (rest + stride - 1) / stride) + 1;
      if ((windows - 1) * stride >= (long) length + before) {
        windows--;
      }
      long needed = (windows - 1) * stride + span() - length - before;
      return padded(0, (int) Math.max(0, needed - after));
    }

    int windows() {
      long padded = (long) length + before + after;
      if (span() > padded) {
        throw new OnnxException("a window of %d does not fit %d".formatted(span(), padded));
      }
      return (int) ((padded - span()) / stride + 1);
    }
  }

  /**
   * The windows of a node, by its attributes.
   *
   * @param kernel along each side of the image or the sequence
   */
  static Windows of(Call call, Flow read, long[] kernel) {
    Flow flow = call.builder().arrangement().image(read);
    int sides = kernel.length;
    if (sides < 1 || sides > 2 || flow.dims().length != sides + 2) {
      throw new OnnxException(
          "windows of %d axes on %s; Pare has them on images and on sequences"
              .formatted(sides, Dimensions.text(flow.dims())));
    }
    Side[] all = new Side[sides];
    for (int i = 0; i < sides; i++) {
      all[i] = side(call, i, sides, flow.dims()[i + 2], kernel[i]);
    }
    return isUpright(flow)
        ? new Windows(flow, all[0], sides == 2 ? all[1] : Side.POINT, sides + 2)
        : new Windows(flow, Side.POINT, all[0], sides + 2);
  }

  /**
   * Whether the third axis of an image or a sequence is Pare's height, not the width.
   *
   * @throws OnnxException if it is neither
   */
  static boolean isUpright(Flow flow) {
    int[] dims = flow.dims();
    Shape shape = flow.shape();
    if (sees(flow)) {
      return dims.length == IMAGE || shape.width() == 1;
    }
    String what =
        "it reads %s, the batch first, of channels × height × width = %d×%d×%d"
            .formatted(Dimensions.text(dims), shape.channels(), shape.height(), shape.width());
    throw new OnnxException(flow.layer() < 0 ? what + "; data.shape says what examples are" : what);
  }

  /** Whether a node sees a value as the image or the sequence that it is. */
  static boolean sees(Flow flow) {
    int[] dims = flow.dims();
    Shape shape = flow.shape();
    int rank = dims.length;
    if (rank < IMAGE - 1 || dims[0] != 1 || dims[1] != shape.channels() || !flow.isInOrder()) {
      return false;
    }
    return rank == IMAGE
        ? dims[2] == shape.height() && dims[3] == shape.width()
        : rank == IMAGE - 1 && (shape.width() == 1 || shape.height() == 1);
  }

  private static Side side(Call call, int index, int sides, int length, long kernel) {
    OnnxNode node = call.node();
    long stride = setting(node, "strides", index, sides, 1);
    long dilation = setting(node, "dilations", index, sides, 1);
    if (!isSize(kernel) || !isSize(stride) || !isSize(dilation)) {
      throw new OnnxException(
          "a kernel of %d with a stride of %d and a dilation of %d"
              .formatted(kernel, stride, dilation));
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
        long span = (kernel - 1) * dilation + 1;
        long zeros = Math.max(0, (windows - 1) * stride + span - length);
        before = mode.equals("SAME_UPPER") ? zeros / 2 : zeros - zeros / 2;
        after = zeros - before;
      }
      default -> throw new OnnxException("auto_pad = " + OnnxException.shown(mode));
    }
    if (before < 0 || after < 0 || before > Short.MAX_VALUE || after > Short.MAX_VALUE) {
      throw new OnnxException(
          "pads of %d before and %d behind are not supported".formatted(before, after));
    }
    return new Side(length, (int) kernel, (int) stride, (int) dilation, (int) before, (int) after);
  }

  private static boolean isSize(long value) {
    return value >= 1 && value <= Short.MAX_VALUE;
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

  boolean isDilated() {
    return vertical.dilation > 1 || horizontal.dilation > 1;
  }

  boolean isPadded() {
    return vertical.window().isPadded() || horizontal.window().isPadded();
  }

  /** With zeros that a layer has put around the image as padding of their own, if they may be. */
  Windows withZerosBefore(NetworkBuilder builder) {
    Optional<NetworkBuilder.Padded> found = builder.unpadded(flow);
    if (found.isEmpty()) {
      return this;
    }
    Flow within = found.get().flow();
    ZeroPadding zeros = found.get().zeros();
    Windows wider =
        new Windows(
            within,
            vertical.on(within.shape().height()).padded(zeros.top(), zeros.bottom()),
            horizontal.on(within.shape().width()).padded(zeros.left(), zeros.right()),
            rank);
    return wider.vertical.isNarrow() && wider.horizontal.isNarrow() ? wider : this;
  }

  /** With padding that is as wide as a window as a layer of zeros. */
  Windows withNarrowPadding(Call call) {
    return vertical.isNarrow() && horizontal.isNarrow() ? this : withZeros(call);
  }

  /** With all padding as a layer of zeros. */
  Windows withZeros(Call call) {
    if (vertical.before + vertical.after + horizontal.before + horizontal.after == 0) {
      return this;
    }
    ZeroPadding zeros =
        new ZeroPadding(vertical.before, vertical.after, horizontal.before, horizontal.after);
    Shape out = zeros.output(List.of(flow.shape()));
    return new Windows(
        call.builder().add(flow, zeros, out, IndexMap.reshaped(seen(out))),
        vertical.withoutPadding(),
        horizontal.withoutPadding(),
        rank);
  }

  /** With windows that reach beyond the input instead of none where it does not fit evenly. */
  Windows ceiling() {
    return new Windows(flow, vertical.ceiling(), horizontal.ceiling(), rank);
  }

  /** A setting for each side of the node's images, for the height and the width; 0 otherwise. */
  long[] inOrder(OnnxNode node, String name) {
    boolean upright = isUpright(flow);
    boolean image = rank == IMAGE;
    return new long[] {
      upright ? setting(node, name, 0, rank - 2, 0) : 0,
      image ? setting(node, name, 1, 2, 0) : upright ? 0 : setting(node, name, 0, 1, 0)
    };
  }

  /** How nodes see an output. */
  int[] seen(Shape out) {
    return rank == IMAGE
        ? new int[] {1, out.channels(), out.height(), out.width()}
        : new int[] {1, out.channels(), out.places()};
  }

  /** Puts the layer behind a value of the same shape. */
  Flow add(Call call, Flow read, Layer layer, int channels, float[]... tensors) {
    Shape out = new Shape(channels, vertical.windows(), horizontal.windows());
    return call.builder().add(read, layer, out, IndexMap.reshaped(seen(out)), tensors);
  }
}
