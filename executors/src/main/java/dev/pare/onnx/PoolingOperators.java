package dev.pare.onnx;

import dev.pare.graph.Layer;
import dev.pare.graph.Pooling;
import dev.pare.graph.Shape;
import java.util.Arrays;
import java.util.List;

/** Operators that take one number of several. */
final class PoolingOperators {
  private PoolingOperators() {}

  /** Over windows. */
  static Operator.Meaning windows(Pooling.Pool pool) {
    return call -> {
      long[] kernel = call.settings("kernel_shape", Integer.MAX_VALUE);
      if (kernel == null) {
        throw new OnnxException("it has no kernel_shape");
      }
      Flow flow = call.flow(0);
      Windows windows = Windows.of(call, flow, kernel);
      Windows.Side vertical = windows.vertical();
      Windows.Side horizontal = windows.horizontal();
      if (windows.isPadded()) {
        throw new OnnxException("pads are not supported; Pare pools without padding");
      }
      if (vertical.kernel() != horizontal.kernel() || vertical.stride() != horizontal.stride()) {
        throw new OnnxException(
            "windows of %d×%d, %d×%d apart, are not supported; Pare pools over squares"
                .formatted(
                    vertical.kernel(),
                    horizontal.kernel(),
                    vertical.stride(),
                    horizontal.stride()));
      }
      if (call.node().whole("ceil_mode", 0) != 0 && (isCut(vertical) || isCut(horizontal))) {
        throw new OnnxException(
            "ceil_mode = 1 is not supported where windows do not divide the input");
      }
      Layer layer = new Pooling(pool, vertical.kernel(), vertical.stride());
      return List.of(
          windows.add(call, call.builder().normalized(flow), layer, flow.shape().channels()));
    };
  }

  private static boolean isCut(Windows.Side side) {
    return (side.length() - side.kernel()) % side.stride() != 0;
  }

  /** Over all places, which stay as axes of length 1. */
  static Operator.Meaning global(Pooling.Pool pool) {
    return call -> {
      Flow flow = call.flow(0);
      boolean[] reduced = new boolean[flow.dims().length];
      Arrays.fill(reduced, Math.min(2, reduced.length), reduced.length, true);
      return List.of(pooled(call, flow, reduced, true, pool));
    };
  }

  /** Over axes. */
  static Operator.Meaning axes(Pooling.Pool pool) {
    return call -> {
      Flow flow = call.flow(0);
      boolean[] reduced = new boolean[flow.dims().length];
      long[] axes = call.settings("axes", 1);
      if (axes == null) {
        throw new OnnxException("over all axes is not supported; over height and width it is");
      }
      for (long axis : axes) {
        reduced[Dimensions.axis(axis, reduced.length)] = true;
      }
      return List.of(pooled(call, flow, reduced, call.node().whole("keepdims", 1) != 0, pool));
    };
  }

  private static Flow pooled(
      Call call, Flow read, boolean[] reduced, boolean keep, Pooling.Pool pool) {
    Flow flow = call.builder().normalized(read);
    int[] dims = flow.dims();
    int rank = dims.length;
    int[] kept = new int[rank];
    int[] to = new int[rank];
    int axes = 0;
    for (int i = 0; i < rank; i++) {
      kept[i] = reduced[i] ? 1 : dims[i];
      if (keep || !reduced[i]) {
        to[axes++] = kept[i];
      }
    }
    to = Arrays.copyOf(to, axes);
    Shape shape = flow.shape();
    int[] result = Dimensions.stretched(kept, dims);
    int[] order = new int[Dimensions.size(to)];
    Arrays.fill(order, -1);
    boolean places = order.length == shape.channels();
    for (int i = 0; places && i < result.length; i++) {
      int channel = flow.place(i) / flow.area();
      places = order[result[i]] < 0 || order[result[i]] == channel;
      order[result[i]] = channel;
    }
    if (!places) {
      throw new OnnxException(
          "from %s to %s is not supported; Pare pools over all places of each channel"
              .formatted(Dimensions.text(dims), Dimensions.text(to)));
    }
    if (shape.height() != shape.width()) {
      throw new OnnxException(
          "over %d×%d places is not supported; Pare pools over squares"
              .formatted(shape.height(), shape.width()));
    }
    if (shape.height() == 1) {
      return flow.arranged(Selection.reshaped(to));
    }
    return call.builder()
        .add(
            flow,
            new Pooling(pool, shape.height(), shape.height()),
            new Shape(shape.channels(), 1, 1),
            new Selection(to, order));
  }
}
