package dev.pare.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pare.onnx.KerasModel.Value;
import dev.pare.onnx.KerasModel.Weights;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A layer of Keras in ONNX. Keras has the channels last; its padding {@code same} is TensorFlow's,
 * whose further zero is at the end.
 */
final class KerasLayer {
  private static final int MOST_SIDE = 4096;

  /** What outputs do not depend on, once a layer is trained. */
  private static final Set<String> UNUSED =
      Set.of(
          "activity_regularizer",
          "batch_input_shape",
          "dtype",
          "implementation",
          "momentum",
          "name",
          "noise_shape",
          "rate",
          "seed",
          "stddev",
          "trainable",
          "unroll");

  /** Steps of gates as ONNX has them, of those that Keras has: input, forget, cell, output. */
  private static final int[] LSTM_GATES = {0, 3, 1, 2};

  /** Update, reset, hidden, as in Keras. */
  private static final int[] GRU_GATES = {0, 1, 2};

  private final ModelBuilder onnx;
  private final JsonNode config;
  private final List<Weights> weights;
  private final Set<String> read = new HashSet<>();
  private int used;

  KerasLayer(ModelBuilder onnx, JsonNode config, List<Weights> weights) {
    this.onnx = onnx;
    this.config = config;
    this.weights = weights;
  }

  /**
   * What the layer makes.
   *
   * @throws OnnxException if it is not known, or a setting of it is not
   */
  Value translated(String type, List<Value> inputs) {
    is("dtype", "float32");
    Value in = inputs.get(0);
    Value out =
        switch (type) {
          case "Add" -> combined("Add", inputs);
          case "Multiply" -> combined("Mul", inputs);
          case "Subtract" -> combined("Sub", inputs);
          case "Concatenate" -> concatenated(inputs);
          default -> {
            if (inputs.size() != 1) {
              throw new OnnxException("reads %d values: must be one".formatted(inputs.size()));
            }
            yield translated(type, in);
          }
        };
    if (used != weights.size()) {
      throw new OnnxException("has %d tensors: must have %d".formatted(weights.size(), used));
    }
    checkSettings();
    return out;
  }

  private Value translated(String type, Value in) {
    return switch (type) {
      case "Dropout",
              "SpatialDropout1D",
              "SpatialDropout2D",
              "GaussianDropout",
              "GaussianNoise",
              "AlphaDropout",
              "ActivityRegularization" ->
          in;
      case "Dense" -> dense(in);
      case "Conv1D" -> convolution(in, 1);
      case "Conv2D" -> convolution(in, 2);
      case "DepthwiseConv2D" -> activated(depthwise(in, bias(in.channels() * multiplier())));
      case "SeparableConv2D" -> separable(in);
      case "MaxPooling1D" -> pooled(in, "MaxPool", 1);
      case "MaxPooling2D" -> pooled(in, "MaxPool", 2);
      case "AveragePooling1D" -> pooled(in, "AveragePool", 1);
      case "AveragePooling2D" -> pooled(in, "AveragePool", 2);
      case "GlobalMaxPooling1D" -> pooledWhole(in, "GlobalMaxPool", 1);
      case "GlobalMaxPooling2D" -> pooledWhole(in, "GlobalMaxPool", 2);
      case "GlobalAveragePooling1D" -> pooledWhole(in, "GlobalAveragePool", 1);
      case "GlobalAveragePooling2D" -> pooledWhole(in, "GlobalAveragePool", 2);
      case "ZeroPadding1D" -> padded(in, 1);
      case "ZeroPadding2D" -> padded(in, 2);
      case "BatchNormalization" -> normalized(in);
      case "Activation" -> activated(in);
      case "Softmax" -> {
        whole("axis", -1, -1, -1);
        yield each(in, "Softmax", Map.of("axis", -1));
      }
      case "ReLU" -> rectified(in);
      case "LeakyReLU" -> each(in, "LeakyRelu", Map.of("alpha", number("alpha", 0.3)));
      case "ELU" -> each(in, "Elu", Map.of("alpha", number("alpha", 1)));
      case "Flatten" -> {
        is("data_format", "channels_last");
        yield reshaped(in, IntStream.of(in.dims()).reduce(1, Math::multiplyExact));
      }
      case "Reshape" -> reshaped(in, list("target_shape", -1));
      case "LSTM" -> recurrent(in, LSTM_GATES);
      case "GRU" -> recurrent(in, GRU_GATES);
      default ->
          throw new OnnxException(
              "it is not supported; what tf2onnx makes of it in an ONNX model may be");
    };
  }

  /** Whether all that is set is known. */
  private void checkSettings() {
    Iterator<String> names = config.fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      boolean ofTraining =
          UNUSED.contains(name)
              || name.endsWith("_initializer")
              || name.endsWith("_regularizer")
              || name.endsWith("_constraint");
      if (!ofTraining && !read.contains(name)) {
        throw new OnnxException("Pare does not know what " + OnnxException.shown(name) + " does");
      }
    }
  }

  private JsonNode setting(String name) {
    read.add(name);
    return config.path(name);
  }

  /** A setting that has one value only, if it is set. */
  private void is(String name, String value) {
    JsonNode found = setting(name);
    if (!found.isMissingNode() && !found.isNull() && !found.asText().equals(value)) {
      throw new OnnxException(
          "%s = %s: must be %s".formatted(name, OnnxException.shown(found.toString()), value));
    }
  }

  private boolean flag(String name, boolean otherwise) {
    return setting(name).asBoolean(otherwise);
  }

  private float number(String name, double otherwise) {
    JsonNode found = setting(name);
    if (!found.isMissingNode() && !(found.isNumber() && Float.isFinite(found.floatValue()))) {
      throw new OnnxException(
          name + " = " + OnnxException.shown(found.toString()) + ": must be a number");
    }
    return (float) found.asDouble(otherwise);
  }

  private int whole(String name, int otherwise, int least, int most) {
    JsonNode found = setting(name);
    return found.isMissingNode() ? otherwise : within(name, found, least, most);
  }

  static int within(String name, JsonNode value, int least, int most) {
    if (!value.isInt() || value.asInt() < least || value.asInt() > most) {
      throw new OnnxException(
          "%s = %s: must be %d to %d"
              .formatted(name, OnnxException.shown(value.toString()), least, most));
    }
    return value.asInt();
  }

  private int[] list(String name, int least) {
    JsonNode found = setting(name);
    if (!found.isArray() || found.isEmpty() || found.size() > 3) {
      throw new OnnxException(
          name + " = " + OnnxException.shown(found.toString()) + ": must be 1 to 3 sides");
    }
    int[] all = new int[found.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = within(name, found.get(i), least, 1 << 28);
    }
    return all;
  }

  /** A number for each side, or one for all. */
  private int[] sides(String name, int count) {
    JsonNode found = setting(name);
    int[] sides = new int[count];
    if (found.isArray() && found.size() != count) {
      throw new OnnxException(name + ": must have " + count + " sides");
    }
    for (int i = 0; i < count; i++) {
      sides[i] =
          found.isMissingNode()
              ? 1
              : within(name, found.isArray() ? found.get(i) : found, 1, MOST_SIDE);
    }
    return sides;
  }

  private Weights tensor(String name, int... dims) {
    for (Weights one : weights) {
      String last = one.name().substring(one.name().lastIndexOf('/') + 1);
      if (last.equals(name) || last.startsWith(name + ":")) {
        if (!Arrays.equals(one.dims(), dims)) {
          throw new OnnxException(
              "%s is of %s, must be of %s"
                  .formatted(name, Arrays.toString(one.dims()), Arrays.toString(dims)));
        }
        used++;
        return one;
      }
    }
    throw new OnnxException("has no tensor " + name);
  }

  private float[] bias(int units) {
    return flag("use_bias", true) ? tensor("bias", units).values() : new float[units];
  }

  private static void checkRank(Value in, int sides) {
    if (in.dims().length != sides + 1) {
      throw new OnnxException(
          "reads %s: must have %d sides and channels".formatted(Arrays.toString(in.dims()), sides));
    }
  }

  private Value each(Value in, String operator, Map<String, ?> attributes, String... more) {
    String[] inputs = new String[more.length + 1];
    inputs[0] = in.name();
    System.arraycopy(more, 0, inputs, 1, more.length);
    return new Value(onnx.node(operator, attributes, inputs), in.dims());
  }

  private Value activated(Value in) {
    String function = setting("activation").asText("linear");
    return switch (function) {
      case "linear" -> in;
      case "relu" -> each(in, "Relu", Map.of());
      case "sigmoid" -> each(in, "Sigmoid", Map.of());
      case "tanh" -> each(in, "Tanh", Map.of());
      case "softmax" -> each(in, "Softmax", Map.of("axis", -1));
      case "softplus" -> each(in, "Softplus", Map.of());
      case "selu" -> each(in, "Selu", Map.of());
      case "elu" -> each(in, "Elu", Map.of("alpha", 1f));
      case "gelu" -> each(in, "Gelu", Map.of());
      case "hard_sigmoid" -> each(in, "HardSigmoid", Map.of("alpha", 0.2f, "beta", 0.5f));
      case "swish", "silu" -> each(in, "Mul", Map.of(), onnx.node("Sigmoid", Map.of(), in.name()));
      default ->
          throw new OnnxException(
              "activation = " + OnnxException.shown(function) + " is not supported");
    };
  }

  private Value rectified(Value in) {
    if (number("threshold", 0) != 0) {
      throw new OnnxException("threshold: must be 0");
    }
    float slope = number("negative_slope", 0);
    if (setting("max_value").isNull() || setting("max_value").isMissingNode()) {
      return slope == 0
          ? each(in, "Relu", Map.of())
          : each(in, "LeakyRelu", Map.of("alpha", slope));
    }
    if (slope != 0) {
      throw new OnnxException("negative_slope: must be 0 beside max_value");
    }
    int[] none = {};
    return each(
        in, "Clip", Map.of(), onnx.constant(none, 0f), onnx.constant(none, number("max_value", 0)));
  }

  private Value dense(Value in) {
    int units = whole("units", 0, 1, 1 << 28);
    String kernel =
        onnx.constant(
            new int[] {in.channels(), units}, tensor("kernel", in.channels(), units).values());
    String product = onnx.node("MatMul", Map.of(), in.name(), kernel);
    String sum = onnx.node("Add", Map.of(), product, onnx.constant(new int[] {units}, bias(units)));
    int[] dims = in.dims().clone();
    dims[dims.length - 1] = units;
    return activated(new Value(sum, dims));
  }

  /** What an operator with channels first makes of a value. */
  private Value first(
      Value in, int[] dims, String operator, Map<String, ?> attributes, String... more) {
    boolean image = in.dims().length == 3;
    String before =
        onnx.node(
            "Transpose",
            Map.of("perm", image ? new int[] {0, 3, 1, 2} : new int[] {0, 2, 1}),
            in.name());
    Value made = each(new Value(before, in.dims()), operator, attributes, more);
    String after =
        onnx.node(
            "Transpose",
            Map.of("perm", image ? new int[] {0, 2, 3, 1} : new int[] {0, 2, 1}),
            made.name());
    return new Value(after, dims);
  }

  /** Zeros before each side, then after each; and how many windows there are. */
  private record Windows(int[] pads, int[] counts) {}

  private Windows windows(Value in, int[] kernel, int[] stride, int[] dilation) {
    is("data_format", "channels_last");
    String padding = setting("padding").asText("valid");
    int sides = kernel.length;
    int[] pads = new int[2 * sides];
    int[] counts = new int[sides];
    for (int i = 0; i < sides; i++) {
      int side = in.dims()[i];
      int reach = Math.addExact(Math.multiplyExact(kernel[i] - 1, dilation[i]), 1);
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
    return new Windows(pads, counts);
  }

  private static int[] with(int[] counts, int channels) {
    int[] dims = Arrays.copyOf(counts, counts.length + 1);
    dims[counts.length] = channels;
    return dims;
  }

  private Value convolution(Value in, int sides) {
    checkRank(in, sides);
    int filters = whole("filters", 0, 1, 1 << 28);
    int groups = whole("groups", 1, 1, in.channels());
    if (in.channels() % groups != 0 || filters % groups != 0) {
      throw new OnnxException("groups = " + groups + ": must divide the channels");
    }
    int[] kernel = sides("kernel_size", sides);
    int each = in.channels() / groups;
    int[] dims = Arrays.copyOf(kernel, sides + 2);
    dims[sides] = each;
    dims[sides + 1] = filters;
    float[] values = tensor("kernel", dims).values();
    int area = values.length / (each * filters);
    float[] turned = new float[values.length];
    for (int at = 0; at < values.length; at++) {
      int filter = at % filters;
      int channel = at / filters % each;
      turned[(filter * each + channel) * area + at / filters / each] = values[at];
    }
    return activated(convolved(in, turned, filters, each, kernel, groups, bias(filters)));
  }

  private Value convolved(
      Value in, float[] kernel, int filters, int each, int[] sides, int groups, float[] bias) {
    int[] stride = sides("strides", sides.length);
    int[] dilation = sides("dilation_rate", sides.length);
    Windows windows = windows(in, sides, stride, dilation);
    int[] dims = new int[sides.length + 2];
    dims[0] = filters;
    dims[1] = each;
    System.arraycopy(sides, 0, dims, 2, sides.length);
    return first(
        in,
        with(windows.counts, filters),
        "Conv",
        Map.of(
            "kernel_shape", sides,
            "strides", stride,
            "dilations", dilation,
            "pads", windows.pads,
            "group", groups),
        onnx.constant(dims, kernel),
        onnx.constant(new int[] {filters}, bias));
  }

  private int multiplier() {
    return whole("depth_multiplier", 1, 1, MOST_SIDE);
  }

  private Value depthwise(Value in, float[] bias) {
    checkRank(in, 2);
    whole("groups", 1, 1, 1);
    int channels = in.channels();
    int filters = Math.multiplyExact(channels, multiplier());
    int[] kernel = sides("kernel_size", 2);
    String name = "depthwise_kernel";
    float[] values = tensor(name, kernel[0], kernel[1], channels, multiplier()).values();
    int area = kernel[0] * kernel[1];
    float[] turned = new float[values.length];
    for (int at = 0; at < values.length; at++) {
      turned[at % filters * area + at / filters] = values[at];
    }
    return convolved(in, turned, filters, 1, kernel, channels, bias);
  }

  private Value separable(Value in) {
    int filters = whole("filters", 0, 1, 1 << 28);
    int between = Math.multiplyExact(in.channels(), multiplier());
    Value deep = depthwise(in, new float[between]);
    float[] values = tensor("pointwise_kernel", 1, 1, between, filters).values();
    String kernel = onnx.constant(new int[] {between, filters}, values);
    String product = onnx.node("MatMul", Map.of(), deep.name(), kernel);
    String sum =
        onnx.node("Add", Map.of(), product, onnx.constant(new int[] {filters}, bias(filters)));
    return activated(new Value(sum, new int[] {deep.dims()[0], deep.dims()[1], filters}));
  }

  private Value pooled(Value in, String operator, int sides) {
    checkRank(in, sides);
    int[] kernel = sides("pool_size", sides);
    int[] stride = setting("strides").isNull() ? kernel : sides("strides", sides);
    int[] one = new int[sides];
    Arrays.fill(one, 1);
    Windows windows = windows(in, kernel, stride, one);
    return first(
        in,
        with(windows.counts, in.channels()),
        operator,
        Map.of("kernel_shape", kernel, "strides", stride, "pads", windows.pads));
  }

  private Value pooledWhole(Value in, String operator, int sides) {
    checkRank(in, sides);
    is("data_format", "channels_last");
    is("keepdims", "false");
    int[] dims = new int[sides + 1];
    Arrays.fill(dims, 1);
    dims[sides] = in.channels();
    return reshaped(first(in, dims, operator, Map.of()), in.channels());
  }

  private Value padded(Value in, int sides) {
    checkRank(in, sides);
    is("data_format", "channels_last");
    JsonNode padding = setting("padding");
    long[] pads = new long[2 * (sides + 2)];
    int[] dims = in.dims().clone();
    for (int i = 0; i < sides; i++) {
      JsonNode ofSide = sides == 1 ? padding : padding.path(i);
      for (int end = 0; end < 2; end++) {
        int zeros = within("padding", ofSide.path(end), 0, MOST_SIDE);
        pads[end * (sides + 2) + 2 + i] = zeros;
        dims[i] += zeros;
      }
    }
    return first(in, dims, "Pad", Map.of("mode", "constant"), onnx.constant(pads));
  }

  private Value normalized(Value in) {
    JsonNode axis = setting("axis");
    int rank = in.dims().length;
    int found = axis.isArray() && axis.size() == 1 ? axis.get(0).asInt() : axis.asInt();
    if (found != rank && found != -1) {
      throw new OnnxException("axis: must be the last one, of channels");
    }
    int channels = in.channels();
    float[] ones = new float[channels];
    Arrays.fill(ones, 1);
    float[] gamma = flag("scale", true) ? tensor("gamma", channels).values() : ones;
    float[] beta = flag("center", true) ? tensor("beta", channels).values() : new float[channels];
    int[] dims = {channels};
    String[] statistics = {
      onnx.constant(dims, gamma),
      onnx.constant(dims, beta),
      onnx.constant(dims, tensor("moving_mean", channels).values()),
      onnx.constant(dims, tensor("moving_variance", channels).values())
    };
    Map<String, ?> epsilon = Map.of("epsilon", number("epsilon", 1e-3));
    return rank == 1
        ? each(in, "BatchNormalization", epsilon, statistics)
        : first(in, in.dims(), "BatchNormalization", epsilon, statistics);
  }

  private Value combined(String operator, List<Value> inputs) {
    if (inputs.size() < 2 || operator.equals("Sub") && inputs.size() > 2) {
      throw new OnnxException("reads " + inputs.size() + " values");
    }
    Value all = inputs.get(0);
    for (Value next : inputs.subList(1, inputs.size())) {
      if (all.dims().length != next.dims().length) {
        throw new OnnxException("reads values of different ranks");
      }
      int[] dims = Dimensions.broadcast(all.dims(), next.dims());
      all = new Value(onnx.node(operator, Map.of(), all.name(), next.name()), dims);
    }
    return all;
  }

  private Value concatenated(List<Value> inputs) {
    int[] dims = inputs.get(0).dims().clone();
    int last = dims.length - 1;
    if (setting("axis").asInt(-1) != -1 && setting("axis").asInt() != dims.length) {
      throw new OnnxException("axis: must be the last one, of channels");
    }
    for (Value next : inputs.subList(1, inputs.size())) {
      if (next.dims().length != dims.length) {
        throw new OnnxException("reads values of different ranks");
      }
      dims[last] = Math.addExact(dims[last], next.channels());
    }
    String[] names = inputs.stream().map(Value::name).toArray(String[]::new);
    return new Value(onnx.node("Concat", Map.of("axis", dims.length), names), dims);
  }

  /** At most one side may be −1: what is left. */
  private Value reshaped(Value in, int... sides) {
    int[] dims = sides.clone();
    long size = IntStream.of(in.dims()).asLongStream().reduce(1, Math::multiplyExact);
    long known =
        IntStream.of(dims).filter(side -> side > 0).asLongStream().reduce(1, Math::multiplyExact);
    for (int i = 0; i < dims.length; i++) {
      dims[i] = dims[i] < 0 ? Math.toIntExact(size / known) : dims[i];
    }
    if (IntStream.of(dims).asLongStream().reduce(1, Math::multiplyExact) != size) {
      throw new OnnxException(
          "makes %s of %s".formatted(Arrays.toString(sides), Arrays.toString(in.dims())));
    }
    long[] shape = new long[dims.length + 1];
    shape[0] = -1;
    for (int i = 0; i < dims.length; i++) {
      shape[i + 1] = dims[i];
    }
    return new Value(onnx.node("Reshape", Map.of(), in.name(), onnx.constant(shape)), dims);
  }

  private Value recurrent(Value in, int[] gates) {
    checkRank(in, 1);
    boolean gru = gates.length == 3;
    is("activation", "tanh");
    is("recurrent_activation", "sigmoid");
    for (String option : List.of("go_backwards", "stateful", "return_state", "time_major")) {
      is(option, "false");
    }
    // These concern training alone.
    setting("dropout");
    setting("recurrent_dropout");
    setting("unit_forget_bias");
    if (gru && !flag("reset_after", true)) {
      throw new OnnxException("reset_after = false is not supported");
    }
    int units = whole("units", 0, 1, 1 << 20);
    int all = Math.multiplyExact(gates.length, units);
    int features = in.channels();
    float[] kernel = gates(tensor("kernel", features, all).values(), features, units, gates);
    float[] own = gates(tensor("recurrent_kernel", units, all).values(), units, units, gates);
    float[] bias = new float[2 * all];
    if (flag("use_bias", true)) {
      float[] values = gru ? tensor("bias", 2, all).values() : tensor("bias", all).values();
      for (int half = 0; half < values.length / all; half++) {
        float[] part = Arrays.copyOfRange(values, half * all, (half + 1) * all);
        System.arraycopy(gates(part, 1, units, gates), 0, bias, half * all, all);
      }
    }
    boolean last = !flag("return_sequences", false);
    Map<String, ?> attributes =
        gru ? Map.of("hidden_size", units, "linear_before_reset", 1) : Map.of("hidden_size", units);
    String made =
        onnx.node(
            gru ? "GRU" : "LSTM",
            attributes,
            last ? 2 : 1,
            onnx.node("Transpose", Map.of("perm", new int[] {1, 0, 2}), in.name()),
            onnx.constant(new int[] {1, all, features}, kernel),
            onnx.constant(new int[] {1, all, units}, own),
            onnx.constant(new int[] {1, 2 * all}, bias));
    if (last) {
      return new Value(onnx.node("Squeeze", Map.of(), made, onnx.constant(0L)), new int[] {units});
    }
    String steps = onnx.node("Squeeze", Map.of(), made, onnx.constant(1L));
    return new Value(
        onnx.node("Transpose", Map.of("perm", new int[] {1, 0, 2}), steps),
        new int[] {in.dims()[0], units});
  }

  /** A row for each unit of each gate, of Keras's columns. */
  private static float[] gates(float[] values, int rows, int units, int[] gates) {
    float[] turned = new float[values.length];
    int all = gates.length * units;
    for (int gate = 0; gate < gates.length; gate++) {
      for (int unit = 0; unit < units; unit++) {
        for (int row = 0; row < rows; row++) {
          turned[(gate * units + unit) * rows + row] =
              values[row * all + gates[gate] * units + unit];
        }
      }
    }
    return turned;
  }
}
