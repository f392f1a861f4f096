package dev.pare.onnx;

import static java.util.Objects.requireNonNull;

import dev.pare.graph.Activation;
import dev.pare.graph.Elementwise;
import dev.pare.graph.Prelu;
import dev.pare.graph.Softmax;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Functions of each number. */
final class ElementwiseOperators {
  private static final float SELU_ALPHA = 1.6732632f;
  private static final float SELU_GAMMA = 1.050701f;
  private static final float SMALL = 1e-5f;

  private ElementwiseOperators() {}

  /** A function that layers have. */
  static Operator.Meaning activation(Activation function) {
    return call -> List.of(call.builder().activate(call.flow(0), function));
  }

  /** A function with constants of its own, if it has any. */
  static Operator.Meaning function(Function<OnnxNode, Elementwise> function) {
    return call -> List.of(call.builder().apply(call.flow(0), function.apply(call.node())));
  }

  /** With its constants as attributes. */
  static Operator.Meaning function(
      Elementwise.Function function, String first, float usualFirst, String second, float usual) {
    return function(
        node ->
            new Elementwise(function, node.number(first, usualFirst), node.number(second, usual)));
  }

  static Operator.Meaning function(Elementwise.Function function, String first, float usual) {
    return function(node -> new Elementwise(function, node.number(first, usual), 0));
  }

  static Operator.Meaning function(Elementwise.Function function) {
    return function(node -> Elementwise.of(function));
  }

  static List<Value> absolute(Call call) {
    return call.input(0) instanceof Tensor
        ? ConstantOperators.each(Math::abs).of(call)
        : function(Elementwise.Function.ABSOLUTE).of(call);
  }

  static List<Value> selu(Call call) {
    float alpha = call.node().number("alpha", SELU_ALPHA);
    float gamma = call.node().number("gamma", SELU_GAMMA);
    if (Math.abs(alpha - SELU_ALPHA) > SMALL || Math.abs(gamma - SELU_GAMMA) > SMALL) {
      throw new OnnxException(
          "alpha = %s and gamma = %s are not supported; Pare has %s and %s"
              .formatted(alpha, gamma, SELU_ALPHA, SELU_GAMMA));
    }
    return function(Elementwise.Function.SELU).of(call);
  }

  static Elementwise gelu(OnnxNode node) {
    String form = node.text("approximate", "none");
    return Elementwise.of(
        switch (form) {
          case "none" -> Elementwise.Function.GELU;
          case "tanh" -> Elementwise.Function.GELU_TANH;
          default -> throw new OnnxException("approximate = " + OnnxException.shown(form));
        });
  }

  static Elementwise swish(OnnxNode node) {
    float alpha = node.number("alpha", 1);
    if (alpha != 1) {
      throw new OnnxException("alpha = %s is not supported; Pare has 1".formatted(alpha));
    }
    return Elementwise.of(Elementwise.Function.SILU);
  }

  /** One slope for all numbers, which stays as it is, or one for each channel, which is trained. */
  static List<Value> slope(Call call) {
    Tensor slopes = call.constant(1);
    if (slopes.size() == 1) {
      float slope = (float) slopes.number(0);
      return List.of(
          call.builder()
              .apply(call.flow(0), new Elementwise(Elementwise.Function.LEAKY_RELU, slope, 0)));
    }
    Flow flow = call.builder().settled(call.flow(0));
    int[] of = stretched(flow, slopes);
    float[] channels = slopes(flow, slopes, of);
    if (channels == null) {
      // What has slopes of its own becomes channels.
      boolean[] axes = new boolean[flow.dims().length];
      int skipped = axes.length - slopes.dims().length;
      for (int axis = Math.max(0, skipped); axis < axes.length; axis++) {
        axes[axis] = slopes.dims()[axis - skipped] > 1;
      }
      flow = call.builder().arrangement().grouped(flow, axes);
      channels = requireNonNull(slopes(flow, slopes, of), "channels");
    }
    return List.of(call.builder().add(flow, new Prelu(), flow.shape(), flow.seen(), channels));
  }

  /** One of each channel; null if some channel has several. */
  private static float @Nullable [] slopes(Flow flow, Tensor slopes, int[] of) {
    float[] channels = new float[flow.shape().channels()];
    Arrays.fill(channels, Float.NaN);
    for (int i = 0; i < of.length; i++) {
      int channel = flow.place(i) / flow.area();
      float slope = (float) slopes.number(of[i]);
      if (!Float.isFinite(slope)) {
        throw new OnnxException("a slope of %s: must be finite".formatted(slope));
      }
      if (!Float.isNaN(channels[channel]) && channels[channel] != slope) {
        return null;
      }
      channels[channel] = slope;
    }
    return channels;
  }

  /** For each number that flows, which one of a smaller constant goes with it. */
  private static int[] stretched(Flow flow, Tensor constant) {
    int[] dims = Dimensions.broadcast(flow.dims(), constant.dims());
    if (!Arrays.equals(dims, flow.dims())) {
      throw new OnnxException(
          "it stretches %s to %s, which is not supported"
              .formatted(Dimensions.text(flow.dims()), Dimensions.text(dims)));
    }
    return Dimensions.stretched(constant.dims(), dims);
  }

  static List<Value> clip(Call call) {
    return clipped(
        call,
        0,
        bound(call, "min", 1, Float.NEGATIVE_INFINITY),
        bound(call, "max", 2, Float.POSITIVE_INFINITY));
  }

  static List<Value> clipped(Call call, int input, float least, float most) {
    float low = least == -Float.MAX_VALUE ? Float.NEGATIVE_INFINITY : least;
    float high = most == Float.MAX_VALUE ? Float.POSITIVE_INFINITY : most;
    Flow flow = call.flow(input);
    if (low == Float.NEGATIVE_INFINITY && high == Float.POSITIVE_INFINITY) {
      return List.of(flow);
    }
    return List.of(
        low == 0 && high == Float.POSITIVE_INFINITY
            ? call.builder().activate(flow, Activation.RELU)
            // From opset 12 on, the larger bound counts where they are the wrong way round.
            : call.builder()
                .apply(
                    flow, new Elementwise(Elementwise.Function.CLIP, Math.min(low, high), high)));
  }

  private static float bound(Call call, String attribute, int input, float otherwise) {
    if (call.has(input)) {
      Tensor bound = call.constant(input);
      if (bound.size() != 1) {
        throw new OnnxException(attribute + " must be one number");
      }
      return (float) bound.number(0);
    }
    return call.node().number(attribute, otherwise);
  }

  /** Softmax over the channels of each place; what a classifier ends with goes to its loss. */
  static Operator.Meaning softmax(Softmax.Form form) {
    return call -> {
      int[] dims = call.input(0).dims();
      boolean old = call.graph().opset() < 13;
      int axis = Dimensions.axis(call.node().whole("axis", old ? 1 : -1), dims.length);
      if (call.input(0) instanceof Scores scores && form == Softmax.Form.SHARES) {
        Optional<Scores> shares = scores.softmax(axis);
        if (shares.isPresent()) {
          return List.of(shares.get());
        }
      }
      Flow flow = call.flow(0);
      // Before opset 13, over all axes from this one on.
      int end = old ? dims.length : axis + 1;
      int count = Dimensions.size(Arrays.copyOfRange(dims, axis, end));
      if (call.isLast() && count == flow.shape().size()) {
        return List.of(flow);
      }
      int[] merged = dims;
      if (old) {
        merged = Arrays.copyOf(dims, axis + 1);
        merged[axis] = count;
      }
      Flow settled = call.builder().settled(flow).arranged(IndexMap.reshaped(merged));
      if (!isOfChannels(settled, count, Dimensions.strides(merged)[axis])) {
        settled = call.builder().arrangement().along(settled, axis);
      }
      return List.of(
          call.builder()
              .add(
                  settled,
                  new Softmax(form),
                  settled.shape(),
                  new IndexMap(dims, settled.order())));
    };
  }

  /** Whether runs of so many numbers, so far apart, are all channels of a place each. */
  private static boolean isOfChannels(Flow flow, int count, int step) {
    if (count != flow.shape().channels()) {
      return false;
    }
    for (int i = 0; i < flow.shape().size(); i++) {
      int first = i - i / step % count * step;
      if (flow.place(i) % flow.area() != flow.place(first) % flow.area()) {
        return false;
      }
    }
    return true;
  }
}
