package dev.pare.onnx;

import dev.pare.graph.Layer;
import dev.pare.graph.Pooling;
import dev.pare.graph.Shape;
import dev.pare.graph.Window;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
      Windows windows = Windows.of(call, call.flow(0), kernel);
      if (call.node().whole("count_include_pad", 0) != 0) {
        windows = windows.withZeros(call);
      }
      if (call.node().whole("ceil_mode", 0) != 0) {
        windows = windows.ceiling();
      }
      Layer layer = new Pooling(pool, windows.vertical().window(), windows.horizontal().window());
      return List.of(windows.add(call, windows.flow(), layer, windows.flow().shape().channels()));
    };
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
    Flow flow = call.builder().settled(read);
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
    int[] result = Dimensions.stretched(kept, dims);
    for (boolean[] sides : new boolean[][] {{true, true}, {true, false}, {false, true}}) {
      int[] order = order(flow, result, Dimensions.size(to), sides[0], sides[1]);
      if (order != null) {
        return over(call, flow, sides, new Selection(to, order), pool);
      }
    }
    throw new OnnxException(
        "from %s to %s is not supported; Pare pools over height and width of each channel"
            .formatted(Dimensions.text(dims), Dimensions.text(to)));
  }

  /**
   * Where Pare has what is made of several numbers.
   *
   * @param result for each number that is read, which one it is made to
   * @return null if not as pooling over these sides has it
   */
  private static int @Nullable [] order(
      Flow flow, int[] result, int size, boolean height, boolean width) {
    Shape in = flow.shape();
    Shape out = new Shape(in.channels(), height ? 1 : in.height(), width ? 1 : in.width());
    if (out.size() != size) {
      return null;
    }
    int[] order = new int[size];
    Arrays.fill(order, -1);
    BitSet taken = new BitSet();
    for (int i = 0; i < result.length; i++) {
      int place = flow.place(i);
      int y = height ? 0 : place / in.width() % in.height();
      int x = width ? 0 : place % in.width();
      int to = (place / flow.area() * out.height() + y) * out.width() + x;
      if (order[result[i]] >= 0 && order[result[i]] != to) {
        return null;
      }
      order[result[i]] = to;
      taken.set(to);
    }
    return taken.cardinality() == size ? order : null;
  }

  private static Flow over(
      Call call, Flow flow, boolean[] sides, Selection seen, Pooling.Pool pool) {
    Shape in = flow.shape();
    int height = sides[0] ? in.height() : 1;
    int width = sides[1] ? in.width() : 1;
    if (height == 1 && width == 1) {
      return flow.arranged(Selection.reshaped(seen.dims()));
    }
    return call.builder()
        .add(
            flow,
            new Pooling(pool, new Window(height, height, 0), new Window(width, width, 0)),
            new Shape(in.channels(), in.height() / height, in.width() / width),
            seen);
  }
}
