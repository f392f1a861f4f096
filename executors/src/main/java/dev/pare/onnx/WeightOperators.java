package dev.pare.onnx;

import static java.util.Objects.requireNonNull;

import dev.pare.graph.Activation;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Embedding;
import dev.pare.graph.Shape;
import dev.pare.graph.TransposedConvolution;
import dev.pare.graph.Window;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Operators that become dense layers and convolutions. */
final class WeightOperators {
  private WeightOperators() {}

  static List<Value> gemm(Call call) {
    OnnxNode node = call.node();
    if (node.whole("transA", 0) != 0) {
      throw new OnnxException("transA = 1 is not supported");
    }
    if (call.flow(0).dims().length != 2) {
      throw new OnnxException("it reads %s".formatted(Dimensions.text(call.flow(0).dims())));
    }
    Tensor weights = call.constant(1);
    if (node.whole("transB", 0) != 0) {
      weights = transposed(weights);
    }
    float alpha = node.number("alpha", 1);
    float beta = node.number("beta", 1);
    int units = columns(weights);
    float[] bias = new float[units];
    if (call.has(2)) {
      Tensor summand = call.constant(2);
      int[] dims = Dimensions.broadcast(summand.dims(), new int[] {1, units});
      if (!Arrays.equals(dims, new int[] {1, units})) {
        throw new OnnxException("a bias of " + Dimensions.text(summand.dims()));
      }
      int[] of = Dimensions.stretched(summand.dims(), dims);
      for (int u = 0; u < units; u++) {
        bias[u] = (float) (beta * summand.number(of[u]));
      }
    }
    return List.of(dense(call, call.flow(0), weights, alpha, bias));
  }

  private static Tensor transposed(Tensor weights) {
    int[] dims = weights.dims();
    if (dims.length != 2) {
      throw new OnnxException("weights of " + Dimensions.text(dims));
    }
    int[] to = {dims[1], dims[0]};
    return weights.select(new IndexMap(to, Dimensions.strided(to, 0, new int[] {1, dims[1]})));
  }

  static List<Value> matrixProduct(Call call) {
    if (!(call.input(0) instanceof Tensor) && !(call.input(1) instanceof Tensor)) {
      return AttentionOperators.product(call);
    }
    if (call.input(0) instanceof Tensor left && call.input(1) instanceof Tensor right) {
      return List.of(ConstantOperators.product(left, right));
    }
    if (call.input(0) instanceof Tensor left) {
      Flow columns = turned(call.flow(1));
      Tensor weights = transposed(matrix(left));
      return List.of(turned(dense(call, columns, weights, 1, new float[columns(weights)])));
    }
    Tensor weights = matrix(call.constant(1));
    return List.of(dense(call, call.flow(0), weights, 1, new float[columns(weights)]));
  }

  /** Without sides of 1 before its last two. */
  private static Tensor matrix(Tensor weights) {
    int[] dims = weights.dims();
    while (dims.length > 2 && dims[0] == 1) {
      dims = Arrays.copyOfRange(dims, 1, dims.length);
    }
    return weights.select(IndexMap.reshaped(dims));
  }

  /** With its last two axes in each other's place. */
  private static Flow turned(Flow flow) {
    int rank = flow.dims().length;
    if (rank < 2) {
      throw new OnnxException("of a constant and " + Dimensions.text(flow.dims()));
    }
    int[] strides = Dimensions.strides(flow.dims());
    int[] to = flow.dims().clone();
    to[rank - 2] = flow.dims()[rank - 1];
    to[rank - 1] = flow.dims()[rank - 2];
    int step = strides[rank - 2];
    strides[rank - 2] = strides[rank - 1];
    strides[rank - 1] = step;
    return flow.arranged(new IndexMap(to, Dimensions.strided(to, 0, strides)));
  }

  /** Vectors of a table, by tokens. */
  static List<Value> embedding(Call call) {
    Tensor table = call.constant(0);
    int[] dims = table.dims();
    long axis = call.node().whole("axis", 0);
    if (dims.length != 2 || axis != 0 || table.type() != Tensor.Type.FLOAT) {
      throw new OnnxException(
          "from a constant of %s along axis %d is not supported; Pare has tables with a row for each token"
              .formatted(Dimensions.text(dims), axis));
    }
    Flow read = call.flow(1);
    if (!call.builder().isInput(read)) {
      throw new OnnxException(
          "by what the network computes is not supported; Pare looks up the tokens that it reads");
    }
    int tokens = dims[0];
    int width = dims[1];
    float[] weights = new float[table.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i % width * tokens + i / width] = table.floats()[i];
    }
    int steps = read.shape().size();
    int[] to = Arrays.copyOf(read.dims(), read.dims().length + 1);
    to[to.length - 1] = width;
    int[] order = new int[Dimensions.computed(steps, width)];
    for (int i = 0; i < order.length; i++) {
      order[i] = i % width * steps + read.place(i / width);
    }
    return List.of(
        call.builder()
            .add(
                read,
                new Embedding(tokens, width),
                new Shape(width, steps, 1),
                new IndexMap(to, order),
                weights));
  }

  private static int columns(Tensor weights) {
    if (weights.dims().length != 2 || weights.type() != Tensor.Type.FLOAT) {
      throw new OnnxException("weights of " + Dimensions.text(weights.dims()));
    }
    return weights.dims()[1];
  }

  /**
   * @param weights a column for each unit
   */
  private static Flow dense(Call call, Flow read, Tensor weights, float factor, float[] bias) {
    Flow flow = call.builder().normalized(read);
    int[] dims = flow.dims();
    int features = weights.dims()[0];
    int units = bias.length;
    if (dims.length == 0 || dims[dims.length - 1] != features) {
      throw new OnnxException(
          "%d features a row for %s".formatted(features, Dimensions.text(dims)));
    }
    if (features == flow.shape().size()) {
      float[] rows = rows(weights, factor, flow::place);
      if (flow.affine() != null) {
        absorb(flow.affine(), rows, bias, (row, column) -> column);
      }
      return call.builder()
          .add(
              flow.withAffine(null),
              new Dense(units, Activation.IDENTITY),
              new Shape(units, 1, 1),
              IndexMap.reshaped(ending(dims, units)),
              rows,
              bias);
    }
    if (Places.of(flow) == null) {
      flow = call.builder().arrangement().along(flow, dims.length - 1);
    }
    Places places = requireNonNull(Places.of(flow), "places");
    return pointwise(call, flow, places, rows(weights, factor, i -> places.channels()[i]), bias);
  }

  private static int[] ending(int[] dims, int last) {
    int[] to = dims.clone();
    to[to.length - 1] = last;
    return to;
  }

  private static float[] rows(Tensor weights, float factor, IntUnaryOperator place) {
    int features = weights.dims()[0];
    int units = weights.dims()[1];
    float[] rows = new float[weights.size()];
    for (int i = 0; i < features; i++) {
      int at = place.applyAsInt(i);
      for (int u = 0; u < units; u++) {
        rows[u * features + at] = (float) (factor * weights.number(i * units + u));
      }
    }
    return rows;
  }

  /** The same dense layer at each place. */
  private static Flow pointwise(Call call, Flow read, Places places, float[] rows, float[] bias) {
    int units = bias.length;
    int area = read.area();
    Flow flow = read;
    if (flow.affine() != null && flow.affine().isAlikeWithin(flow.shape().channels())) {
      absorb(flow.affine(), rows, bias, (row, column) -> column * area);
      flow = flow.withAffine(null);
    }
    int[] order = new int[Dimensions.computed(area, units)];
    for (int i = 0; i < order.length; i++) {
      order[i] = i % units * area + places.places()[i / units];
    }
    IndexMap seen = new IndexMap(ending(flow.dims(), units), order);
    if (call.builder().attention().project(flow, rows, bias)) {
      return flow.projected(units, seen);
    }
    return call.builder()
        .add(
            flow,
            new Convolution(units, Window.POINTS, Window.POINTS, Activation.IDENTITY),
            new Shape(units, flow.shape().height(), flow.shape().width()),
            seen,
            rows,
            bias);
  }

  /**
   * Takes what is still to be done to the inputs into weights.
   *
   * @param input which number of the input a weight goes with, by its row and its column
   */
  static void absorb(Affine affine, float[] rows, float[] bias, IntBinaryOperator input) {
    int columns = rows.length / bias.length;
    for (int u = 0; u < bias.length; u++) {
      double sum = bias[u];
      for (int i = 0; i < columns; i++) {
        int at = input.applyAsInt(u, i);
        float weight = rows[u * columns + i];
        sum += weight * affine.summand()[at];
        rows[u * columns + i] = (float) (weight * affine.factor()[at]);
      }
      bias[u] = (float) sum;
    }
  }

  static List<Value> convolution(Call call) {
    OnnxNode node = call.node();
    Windows windows =
        Windows.of(call, call.builder().normalized(call.flow(0)), kernel(call))
            .withZerosBefore(call.builder())
            .withNarrowPadding(call);
    Flow flow = windows.flow();
    Tensor weights = call.constant(1);
    int channels = flow.shape().channels();
    int filters = weights.dims()[0];
    long groups = node.whole("group", 1);
    if (groups < 1
        || filters % groups != 0
        || groups * weights.dims()[1] != channels
        || weights.type() != Tensor.Type.FLOAT) {
      throw new OnnxException(
          "weights of %s in %d groups for %s"
              .formatted(Dimensions.text(weights.dims()), groups, Dimensions.text(flow.dims())));
    }
    float[] rows = weights.floats().clone();
    float[] bias = bias(call, filters);
    Convolution layer =
        new Convolution(
            filters,
            (int) groups,
            windows.vertical().window(),
            windows.horizontal().window(),
            Activation.IDENTITY);
    Affine affine = flow.affine();
    if (affine != null
        && affine.isAlikeWithin(channels)
        && !(affine.isShifted() && layer.isPadded())) {
      int area = flow.area();
      int taps = layer.area();
      int of = channels / (int) groups;
      int each = filters / (int) groups;
      absorb(affine, rows, bias, (row, column) -> (row / each * of + column / taps) * area);
      flow = flow.withAffine(null);
    }
    return List.of(windows.add(call, flow, layer, filters, rows, bias));
  }

  static List<Value> transposedConvolution(Call call) {
    OnnxNode node = call.node();
    String mode = node.text("auto_pad", "NOTSET");
    if (!mode.equals("NOTSET") && !mode.equals("VALID")) {
      throw new OnnxException(
          "auto_pad = %s is not supported; export it with pads"
              .formatted(OnnxException.shown(mode)));
    }
    if (node.attributes().containsKey("output_shape")) {
      throw new OnnxException("output_shape is not supported; export it with pads");
    }
    Flow read = call.builder().normalized(call.flow(0));
    long[] kernel = kernel(call);
    Windows windows = Windows.of(call, read, kernel);
    Flow flow = windows.flow();
    Tensor weights = call.constant(1);
    int channels = flow.shape().channels();
    long groups = node.whole("group", 1);
    if (weights.dims()[0] != channels
        || groups < 1
        || channels % groups != 0
        || weights.type() != Tensor.Type.FLOAT) {
      throw new OnnxException(
          "weights of %s in %d groups for %s"
              .formatted(Dimensions.text(weights.dims()), groups, Dimensions.text(flow.dims())));
    }
    int filters = Math.multiplyExact(weights.dims()[1], (int) groups);
    float[] bias = bias(call, filters);
    long[] rest = windows.inOrder(node, "output_padding");
    TransposedConvolution layer =
        new TransposedConvolution(
            filters,
            (int) groups,
            windows.vertical().window(),
            windows.horizontal().window(),
            Math.toIntExact(rest[0]),
            Math.toIntExact(rest[1]),
            Activation.IDENTITY);
    int of = channels / (int) groups;
    int each = filters / (int) groups;
    int taps = layer.area();
    float[] rows = new float[weights.size()];
    for (int f = 0; f < filters; f++) {
      for (int c = 0; c < of; c++) {
        int from = ((f / each * of + c) * each + f % each) * taps;
        System.arraycopy(weights.floats(), from, rows, (f * of + c) * taps, taps);
      }
    }
    // What is added to the input reaches places of the output more or less often.
    Affine affine = flow.affine();
    if (affine != null && affine.isAlikeWithin(channels) && !affine.isShifted()) {
      int area = flow.area();
      absorb(affine, rows, bias, (row, column) -> (row / each * of + column / taps) * area);
      flow = flow.withAffine(null);
    }
    Shape out = layer.output(List.of(flow.shape()));
    IndexMap seen = IndexMap.reshaped(windows.seen(out));
    return List.of(call.builder().add(flow, layer, out, seen, rows, bias));
  }

  private static float[] bias(Call call, int filters) {
    if (!call.has(2)) {
      return new float[filters];
    }
    float[] bias = call.constant(2).floats().clone();
    if (bias.length != filters) {
      throw new OnnxException("%d biases for %d filters".formatted(bias.length, filters));
    }
    return bias;
  }

  private static long[] kernel(Call call) {
    int[] dims = call.constant(1).dims();
    if (dims.length < 3) {
      throw new OnnxException("weights of " + Dimensions.text(dims));
    }
    long[] kernel = new long[dims.length - 2];
    for (int i = 0; i < kernel.length; i++) {
      kernel[i] = dims[i + 2];
    }
    long @Nullable [] declared = call.settings("kernel_shape", Integer.MAX_VALUE);
    if (declared != null && !Arrays.equals(declared, kernel)) {
      throw new OnnxException("kernel_shape is not that of the weights");
    }
    return kernel;
  }
}
