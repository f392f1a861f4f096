package dev.pare.onnx;

import static java.util.Objects.requireNonNull;

import dev.pare.graph.ChannelPooling;
import dev.pare.graph.Elementwise;
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
      if (windows.isDilated() && call.node().text("auto_pad", "NOTSET").startsWith("SAME")) {
        throw new OnnxException(
            "auto_pad = SAME with dilations is not supported, as ONNX Runtime pads for windows"
                + " without; export it with pads");
      }
      boolean counted = call.node().whole("count_include_pad", 0) != 0;
      if (counted) {
        windows = windows.withZeros(call);
      }
      if (call.node().whole("ceil_mode", 0) != 0) {
        Windows ceiling = windows.ceiling();
        if (counted && !ceiling.equals(windows)) {
          throw new OnnxException(
              "count_include_pad = 1 with windows that ceil_mode = 1 has reach beyond the padding is"
                  + " not supported: versions of ONNX Runtime differ in what they divide these by");
        }
        windows = ceiling;
      }
      Layer layer = new Pooling(pool, windows.vertical().window(), windows.horizontal().window());
      return List.of(windows.add(call, windows.flow(), layer, windows.flow().shape().channels()));
    };
  }

  /** What a node makes of the numbers along some axes. */
  enum Reduction {
    MEAN(Pooling.Pool.AVERAGE),
    MAX(Pooling.Pool.MAX),
    /** As many times the mean. */
    SUM(Pooling.Pool.AVERAGE);

    private final Pooling.Pool pool;

    Reduction(Pooling.Pool pool) {
      this.pool = pool;
    }
  }

  /** Which sides of a shape become one. */
  private record Sides(boolean channels, boolean height, boolean width) {
    static final Sides PLACES = new Sides(false, true, true);

    static final List<Sides> ALL =
        List.of(
            PLACES,
            new Sides(false, true, false),
            new Sides(false, false, true),
            new Sides(true, false, false),
            new Sides(true, true, false),
            new Sides(true, false, true),
            new Sides(true, true, true));

    Shape of(Shape in) {
      return new Shape(
          channels ? 1 : in.channels(), height ? 1 : in.height(), width ? 1 : in.width());
    }
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
  static Operator.Meaning axes(Reduction reduction) {
    return call -> {
      Flow flow = call.flow(0);
      boolean[] reduced = new boolean[flow.dims().length];
      long[] axes = call.settings("axes", 1);
      if (axes == null || axes.length == 0) {
        throw new OnnxException("over all axes is not supported; over all but the batch's it is");
      }
      for (long axis : axes) {
        reduced[Dimensions.axis(axis, reduced.length)] = true;
      }
      boolean keep = call.node().whole("keepdims", 1) != 0;
      Flow made = pooled(call, flow, reduced, keep, reduction.pool);
      int count = flow.shape().size() / made.shape().size();
      return List.of(
          reduction == Reduction.SUM && count > 1
              ? call.builder().apply(made, new Elementwise(Elementwise.Function.AFFINE, count, 0))
              : made);
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
    for (Sides sides : Sides.ALL) {
      int[] order = order(flow, result, Dimensions.size(to), sides);
      if (order != null) {
        return over(call, flow, sides, new IndexMap(to, order), pool);
      }
    }
    // What stays as channels, what is made one of as places.
    boolean[] channels = new boolean[rank];
    for (int i = 0; i < rank; i++) {
      channels[i] = !reduced[i];
    }
    flow = call.builder().arrangement().grouped(flow, channels);
    int[] order = requireNonNull(order(flow, result, Dimensions.size(to), Sides.PLACES), "order");
    return over(call, flow, Sides.PLACES, new IndexMap(to, order), pool);
  }

  /**
   * Where Pare has what is made of several numbers.
   *
   * @param result for each number that is read, which one it is made to
   * @return null if not as pooling over these sides has it
   */
  private static int @Nullable [] order(Flow flow, int[] result, int size, Sides sides) {
    Shape in = flow.shape();
    Shape out = sides.of(in);
    if (out.size() != size) {
      return null;
    }
    int[] order = new int[size];
    Arrays.fill(order, -1);
    BitSet taken = new BitSet();
    for (int i = 0; i < result.length; i++) {
      int place = flow.place(i);
      int c = sides.channels ? 0 : place / flow.area();
      int y = sides.height ? 0 : place / in.width() % in.height();
      int x = sides.width ? 0 : place % in.width();
      int to = (c * out.height() + y) * out.width() + x;
      if (order[result[i]] >= 0 && order[result[i]] != to) {
        return null;
      }
      order[result[i]] = to;
      taken.set(to);
    }
    return taken.cardinality() == size ? order : null;
  }

  private static Flow over(Call call, Flow flow, Sides sides, IndexMap seen, Pooling.Pool pool) {
    Shape in = flow.shape();
    int height = sides.height ? in.height() : 1;
    int width = sides.width ? in.width() : 1;
    Flow made = flow;
    Shape out = new Shape(in.channels(), in.height() / height, in.width() / width);
    if (height > 1 || width > 1) {
      Window vertical = new Window(height, height, 0);
      Window horizontal = new Window(width, width, 0);
      IndexMap inner = sides.channels ? IndexMap.reshaped(1, out.size()) : seen;
      made = call.builder().add(made, new Pooling(pool, vertical, horizontal), out, inner);
    }
    if (sides.channels && in.channels() > 1) {
      return call.builder().add(made, new ChannelPooling(pool), sides.of(in), seen);
    }
    return made.arranged(IndexMap.reshaped(seen.dims()));
  }
}
