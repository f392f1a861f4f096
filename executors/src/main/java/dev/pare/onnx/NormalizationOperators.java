package dev.pare.onnx;

import static java.util.Objects.requireNonNull;

import dev.pare.graph.Activation;
import dev.pare.graph.BatchNormalization;
import dev.pare.graph.GroupNormalization;
import dev.pare.graph.LayerNormalization;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Operators that become normalizations. */
final class NormalizationOperators {
  private static final float EPSILON = 1e-5f;

  private NormalizationOperators() {}

  static List<Value> batch(Call call) {
    // Before opset 14, what it has learned of the batch are outputs of it in training.
    boolean learns = call.node().outputs().stream().skip(1).anyMatch(name -> !name.isEmpty());
    if (call.node().whole("training_mode", 0) != 0 || learns) {
      throw new OnnxException("it is in training mode; export the network in evaluation mode");
    }
    Flow flow = call.flow(0);
    int[] dims = flow.dims();
    if (dims.length < 2) {
      throw new OnnxException("it reads %s".formatted(Dimensions.text(dims)));
    }
    int channels = dims[1];
    float[] gamma = values(call, 1, channels);
    float[] beta = values(call, 2, channels);
    float[] mean = values(call, 3, channels);
    float[] variance = values(call, 4, channels);
    float epsilon = call.node().number("epsilon", EPSILON);
    int inner = Dimensions.size(Arrays.copyOfRange(dims, 2, dims.length));
    int[] places = flow.affine() == null ? channels(flow, channels, inner) : null;
    if (places != null) {
      return List.of(
          call.builder()
              .add(
                  flow,
                  new BatchNormalization(epsilon, Activation.IDENTITY),
                  flow.shape(),
                  new IndexMap(dims, flow.order()),
                  placed(gamma, places),
                  placed(beta, places),
                  placed(mean, places),
                  placed(variance, places)));
    }
    double[] factors = new double[flow.shape().size()];
    double[] summands = new double[factors.length];
    for (int i = 0; i < factors.length; i++) {
      int c = i / inner % channels;
      int at = flow.place(i);
      factors[at] = gamma[c] / Math.sqrt((double) variance[c] + epsilon);
      summands[at] = beta[c] - mean[c] * factors[at];
    }
    return List.of(call.builder().multiplyAdd(flow, new Affine(factors, summands)));
  }

  /** For each channel of a node, the one that it is to Pare; null if it is none. */
  private static int @Nullable [] channels(Flow flow, int count, int inner) {
    if (count != flow.shape().channels()) {
      return null;
    }
    int[] channels = new int[count];
    for (int i = 0; i < flow.shape().size(); i++) {
      int channel = flow.place(i) / flow.area();
      if (i % inner == 0) {
        channels[i / inner] = channel;
      }
      if (channels[i / inner] != channel) {
        return null;
      }
    }
    return channels;
  }

  private static float[] placed(float[] values, int[] places) {
    float[] placed = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      placed[places[i]] = values[i];
    }
    return placed;
  }

  private static float[] values(Call call, int input, int count) {
    Tensor tensor = call.constant(input);
    if (tensor.size() != count) {
      throw new OnnxException("%d numbers for %d channels".formatted(tensor.size(), count));
    }
    return tensor.floats().clone();
  }

  /** Of each channel, or, as PyTorch writes group normalization, of channels that are one. */
  static List<Value> instance(Call call) {
    int[] dims = call.flow(0).dims();
    if (dims.length < 3) {
      throw new OnnxException("it reads %s".formatted(Dimensions.text(dims)));
    }
    return grouped(call, dims[1], values(call, 1, dims[1]), values(call, 2, dims[1]));
  }

  /** With a factor and a summand for each group before opset 21, for each channel from it on. */
  static List<Value> group(Call call) {
    long groups = call.node().whole("num_groups", 0);
    int[] dims = call.flow(0).dims();
    if (dims.length < 3 || groups < 1 || groups > dims[1]) {
      throw new OnnxException("%d groups of %s".formatted(groups, Dimensions.text(dims)));
    }
    int count = call.graph().opset() < 21 ? (int) groups : dims[1];
    return grouped(call, (int) groups, values(call, 1, count), values(call, 2, count));
  }

  private static List<Value> grouped(Call call, int groups, float[] scale, float[] bias) {
    Flow flow = call.builder().arrangement().inOrder(call.builder().settled(call.flow(0)));
    if (!flow.isInOrder() || flow.shape().channels() % groups != 0) {
      flow = call.builder().arrangement().along(flow, 1);
    }
    int channels = flow.shape().channels();
    if (!flow.isInOrder() || channels % groups != 0) {
      throw new OnnxException(
          "of %s in %d groups is not supported; Pare has it over whole channels"
              .formatted(Dimensions.text(flow.dims()), groups));
    }
    return List.of(
        call.builder()
            .add(
                flow,
                new GroupNormalization(
                    groups == channels ? 0 : groups, call.node().number("epsilon", EPSILON)),
                flow.shape(),
                IndexMap.reshaped(flow.dims()),
                repeated(scale, channels),
                repeated(bias, channels)));
  }

  private static float[] repeated(float[] values, int count) {
    float[] repeated = new float[count];
    for (int i = 0; i < count; i++) {
      repeated[i] = values[i / (count / values.length)];
    }
    return repeated;
  }

  /** Over all axes from one on. */
  static List<Value> layer(Call call) {
    int[] dims = call.flow(0).dims();
    int axis = Dimensions.axis(call.node().whole("axis", -1), dims.length);
    int[] merged = Arrays.copyOf(dims, axis + 1);
    merged[axis] = Dimensions.size(Arrays.copyOfRange(dims, axis, dims.length));
    float[] scale = call.has(1) ? values(call, 1, merged[axis]) : null;
    float[] bias = call.has(2) ? values(call, 2, merged[axis]) : null;
    Flow flow = call.flow(0).arranged(IndexMap.reshaped(merged));
    return List.of(overLast(call, flow, scale, bias).arranged(IndexMap.reshaped(dims)));
  }

  /** Over one axis alone, as {@link LayerNormalizationPattern} finds it. */
  static List<Value> along(Call call) {
    Flow flow = call.flow(0);
    int last = flow.dims().length - 1;
    int axis = Dimensions.axis(call.node().whole("axis", -1), last + 1);
    float[] scale = call.has(1) ? along(call.constant(1), flow.dims(), axis) : null;
    float[] bias = call.has(2) ? along(call.constant(2), flow.dims(), axis) : null;
    return List.of(moved(overLast(call, moved(flow, axis, last), scale, bias), last, axis));
  }

  /** A number for each index of an axis, from a constant that is one along all others. */
  private static float[] along(Tensor constant, int[] dims, int axis) {
    int[] one = new int[dims.length];
    Arrays.fill(one, 1);
    one[axis] = dims[axis];
    if (!Arrays.equals(Dimensions.broadcast(constant.dims(), one), one)) {
      throw new OnnxException(
          "a constant of %s does not lie along axis %d of %s"
              .formatted(Dimensions.text(constant.dims()), axis, Dimensions.text(dims)));
    }
    return constant.select(new IndexMap(one, Dimensions.stretched(constant.dims(), one))).floats();
  }

  /** The same with one axis at another's place. */
  private static Flow moved(Flow flow, int from, int to) {
    int[] steps = Dimensions.strides(flow.dims());
    List<Integer> axes = new ArrayList<>(IntStream.range(0, steps.length).boxed().toList());
    axes.add(to, axes.remove(from));
    int[] dims = axes.stream().mapToInt(axis -> flow.dims()[axis]).toArray();
    int[] strides = axes.stream().mapToInt(axis -> steps[axis]).toArray();
    return flow.arranged(new IndexMap(dims, Dimensions.strided(dims, 0, strides)));
  }

  private static Flow overLast(
      Call call, Flow read, float @Nullable [] scale, float @Nullable [] bias) {
    int[] dims = read.dims();
    Flow flow = call.builder().normalized(read);
    if (Places.of(flow) == null) {
      flow = call.builder().arrangement().along(flow, dims.length - 1);
    }
    Places places = requireNonNull(Places.of(flow), "places");
    int channels = flow.shape().channels();
    float[] gamma = new float[channels];
    float[] beta = new float[channels];
    for (int i = 0; i < channels; i++) {
      gamma[places.channels()[i]] = scale == null ? 1 : scale[i];
      beta[places.channels()[i]] = bias == null ? 0 : bias[i];
    }
    return call.builder()
        .add(
            flow,
            new LayerNormalization(call.node().number("epsilon", EPSILON)),
            flow.shape(),
            new IndexMap(dims, flow.order()),
            gamma,
            beta);
  }
}
