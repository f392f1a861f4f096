package dev.pare.onnx;

import dev.pare.graph.Interpolation;
import dev.pare.graph.Interpolation.Coordinates;
import dev.pare.graph.Interpolation.Method;
import dev.pare.graph.Interpolation.Side;
import dev.pare.graph.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Operators that give images and sequences another size. */
final class ResizeOperators {
  private static final int EXPLICIT_COORDINATES = 11;

  private ResizeOperators() {}

  /** As before opset 10. */
  static List<Value> upsample(Call call) {
    return resized(call, method(call, "floor"), Coordinates.ASYMMETRIC, call.constant(1), null);
  }

  static List<Value> resize(Call call) {
    OnnxNode node = call.node();
    if (call.graph().opset() < EXPLICIT_COORDINATES) {
      return upsample(call);
    }
    String policy = node.text("keep_aspect_ratio_policy", "stretch");
    if (node.whole("antialias", 0) != 0 || !policy.equals("stretch")) {
      throw new OnnxException("antialias and keep_aspect_ratio_policy are not supported");
    }
    Tensor scales = call.has(2) && call.constant(2).size() > 0 ? call.constant(2) : null;
    Tensor sizes = call.has(3) && call.constant(3).size() > 0 ? call.constant(3) : null;
    Method method = method(call, node.text("nearest_mode", "round_prefer_floor"));
    return resized(call, method, coordinates(node), scales, sizes);
  }

  private static Method method(Call call, String nearest) {
    String mode = call.node().text("mode", "nearest");
    return switch (mode) {
      case "linear" -> Method.LINEAR;
      case "nearest" ->
          switch (nearest) {
            case "floor" -> Method.FLOOR;
            case "ceil" -> Method.CEILING;
            case "round_prefer_floor" -> Method.NEAREST_FLOOR;
            case "round_prefer_ceil" -> Method.NEAREST_CEILING;
            default -> throw new OnnxException("nearest_mode = " + OnnxException.shown(nearest));
          };
      default ->
          throw new OnnxException(
              "mode = %s is not supported; Pare has nearest and linear"
                  .formatted(OnnxException.shown(mode)));
    };
  }

  private static Coordinates coordinates(OnnxNode node) {
    String mode = node.text("coordinate_transformation_mode", "half_pixel");
    return switch (mode) {
      case "asymmetric" -> Coordinates.ASYMMETRIC;
      case "half_pixel" -> Coordinates.HALF_PIXEL;
      case "pytorch_half_pixel" -> Coordinates.PYTORCH_HALF_PIXEL;
      case "align_corners" -> Coordinates.ALIGN_CORNERS;
      default ->
          throw new OnnxException(
              "coordinate_transformation_mode = %s is not supported"
                  .formatted(OnnxException.shown(mode)));
    };
  }

  private static List<Value> resized(
      Call call,
      Method method,
      Coordinates coordinates,
      @Nullable Tensor scales,
      @Nullable Tensor sizes) {
    Flow flow = call.builder().arrangement().image(call.builder().settled(call.flow(0)));
    int[] dims = flow.dims();
    boolean upright = Windows.isUpright(flow);
    Side[] sides = new Side[dims.length];
    for (int axis = 0; axis < dims.length; axis++) {
      sides[axis] = new Side(dims[axis], 1);
    }
    int given = scales != null ? scales.size() : sizes != null ? sizes.size() : 0;
    int[] axes = axes(call.node(), dims.length);
    if (given != axes.length || scales != null && sizes != null) {
      throw new OnnxException("it needs a scale or a size for each axis");
    }
    for (int i = 0; i < given; i++) {
      Side side = side(dims[axes[i]], scales, sizes, i);
      boolean simple = call.graph().opset() < EXPLICIT_COORDINATES && method != Method.LINEAR;
      if (axes[i] < 2 && side.length() != dims[axes[i]] || simple && side.scale() < 1) {
        throw new OnnxException(
            "from %d to %d along axis %d is not supported"
                .formatted(dims[axes[i]], side.length(), axes[i]));
      }
      sides[axes[i]] = side;
    }
    Side one = new Side(1, 1);
    Interpolation layer =
        new Interpolation(
            method,
            coordinates,
            upright ? sides[2] : one,
            dims.length > 3 ? sides[3] : upright ? one : sides[2]);
    int[] to = dims.clone();
    for (int axis = 2; axis < to.length; axis++) {
      to[axis] = sides[axis].length();
    }
    Dimensions.computed(to);
    Shape out = layer.output(List.of(flow.shape()));
    return List.of(call.builder().add(flow, layer, out, IndexMap.reshaped(to)));
  }

  private static int[] axes(OnnxNode node, int rank) {
    List<Long> given = node.wholes("axes").orElse(null);
    int[] axes = new int[given == null ? rank : given.size()];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = given == null ? i : Dimensions.axis(given.get(i), rank);
    }
    return axes;
  }

  private static Side side(int length, @Nullable Tensor scales, @Nullable Tensor sizes, int index) {
    if (scales != null) {
      float scale = (float) scales.number(index);
      double made = Math.floor(length * scale);
      if (!(made >= 1 && made <= Dimensions.MOST_COMPUTED)) {
        throw new OnnxException("a scale of " + scale);
      }
      return new Side((int) made, scale);
    }
    long size = sizes == null ? length : sizes.wholes()[index];
    if (size < 1 || size > Dimensions.MOST_COMPUTED) {
      throw new OnnxException("a size of " + size);
    }
    return new Side((int) size, (float) size / length);
  }
}
