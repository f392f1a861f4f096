package dev.pare.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.data.TestSeed;
import dev.pare.graph.InputShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.ValueInfoProto;
import org.junit.jupiter.api.Test;

/** Random networks of all supported operators compute what they compute in ONNX Runtime. */
class GeneratedModelsTest {
  private static final int NETWORKS = 120;
  private static final int KINDS = 6;
  private static final int EXAMPLES = 4;

  @Test
  void networks() {
    SplittableRandom seeds = TestSeed.random();
    for (int i = 0; i < NETWORKS; i++) {
      Generated generated = new Generated(seeds.split());
      ModelProto model = generated.model(i % KINDS);
      InputShape input = generated.input;
      float[] examples = generated.examples(EXAMPLES * input.size());
      assertThat(failure(model, input, examples))
          .as(
              () ->
                  "%s of opset %s: %s"
                      .formatted(
                          generated.input, generated.opset, shortest(model, input, examples)))
          .isEmpty();
    }
  }

  private static String failure(ModelProto model, InputShape input, float[] examples) {
    try {
      OnnxFile.read(model.toByteArray(), input, examples);
      return "";
    } catch (RuntimeException e) {
      return e.toString();
    }
  }

  /**
   * Where the trouble begins: the shortest beginning of a network, with a dense layer behind it,
   * that fails as all longer ones do.
   */
  private static String shortest(ModelProto model, InputShape input, float[] examples) {
    List<NodeProto> nodes = model.getGraph().getNodeList();
    String found = "the whole of it";
    for (int count = nodes.size() - 1; count > 0; count--) {
      ModelProto beginning;
      try {
        beginning = beginning(model, count, input);
      } catch (OnnxException e) {
        // What a node of shapes makes is of no floats.
        continue;
      }
      String failure = failure(beginning, input, examples);
      if (failure.isEmpty()) {
        break;
      }
      found =
          nodes.subList(0, count).stream()
                  .map(NodeProto::getOpType)
                  .collect(Collectors.joining(" "))
              + ": "
              + failure;
    }
    return found;
  }

  private static ModelProto beginning(ModelProto model, int count, InputShape input) {
    String last = model.getGraph().getNode(count - 1).getOutput(0);
    GraphProto.Builder graph = model.getGraph().toBuilder();
    graph.clearNode().addAllNode(model.getGraph().getNodeList().subList(0, count));
    graph.clearOutput().addOutput(ValueInfoProto.newBuilder().setName(last));
    ModelProto cut = model.toBuilder().setGraph(graph).build();
    int features;
    try (RuntimeSession session =
        new RuntimeSession(cut.toByteArray(), RuntimeSession.Nodes.AS_THEY_ARE)) {
      long[] dims =
          model.getGraph().getInput(0).getType().getTensorType().getShape().getDimList().stream()
              .mapToLong(side -> Math.max(1, side.getDimValue()))
              .toArray();
      RuntimeSession.Input zeros = new RuntimeSession.Numbers(new float[input.size()], dims);
      String name = model.getGraph().getInput(0).getName();
      features = session.run(Map.of(name, zeros)).get(last).length;
    }
    TensorProto.Builder weights =
        TensorProto.newBuilder()
            .setName("weights")
            .addDims(features)
            .addDims(2)
            .setDataType(TensorProto.DataType.FLOAT_VALUE);
    for (int i = 0; i < 2 * features; i++) {
      weights.addFloatData((float) Math.sin(i + 1.0));
    }
    graph.addInitializer(weights);
    graph.addNode(node("Flatten", last, "flat"));
    graph.addNode(node("MatMul", "flat", "dense").toBuilder().addInput("weights"));
    graph.clearOutput().addOutput(ValueInfoProto.newBuilder().setName("dense"));
    return model.toBuilder().setGraph(graph).build();
  }

  private static NodeProto node(String operator, String input, String output) {
    return NodeProto.newBuilder()
        .setName(output)
        .setOpType(operator)
        .addInput(input)
        .addOutput(output)
        .build();
  }

  @Test
  void aFailureNamesTheShortestFailingPrefix() {
    Models model = new Models(17, -1, 4);
    model.then("MatMul", Map.of(), model.constant(new int[] {4, 3}, new float[12]));
    model.then("Relu", Map.of());
    model.then("Cosh", Map.of());
    model.then("Abs", Map.of());
    model.then("MatMul", Map.of(), model.constant(new int[] {3, 2}, new float[6]));

    assertThat(shortest(model.build(), new InputShape(4, 1, 1, 1), new float[] {1, 2, 3, 4}))
        .startsWith("MatMul Relu Cosh: dev.pare.onnx.OnnxException: node cosh-2 (Cosh)");
  }

  /** One network, with what flows at its end. */
  private static final class Generated {
    private final SplittableRandom random;
    private InputShape input = new InputShape(1, 1, 1, 1);
    private Models model = new Models(17, -1);
    private int opset;
    private int tokens;
    private int channels;
    private int height;
    private int width;

    Generated(SplittableRandom random) {
      this.random = random;
    }

    private int between(int least, int most) {
      return random.nextInt(least, most + 1);
    }

    float[] values(int count, double scale) {
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = (float) ((random.nextDouble() * 2 - 1) * scale);
      }
      return values;
    }

    /** Numbers, or tokens if that is what the network reads. */
    float[] examples(int count) {
      float[] examples = values(count, 2);
      for (int i = 0; tokens > 0 && i < count; i++) {
        examples[i] = random.nextInt(tokens);
      }
      return examples;
    }

    private float[] positive(int count) {
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = (float) (0.5 + random.nextDouble());
      }
      return values;
    }

    private String constant(float[] values, int... dims) {
      return model.constant(dims, values);
    }

    ModelProto model(int kind) {
      opset = between(GraphReader.OLDEST_OPSET, GraphReader.NEWEST_OPSET);
      switch (kind) {
        case 0 -> vector(between(2, 9));
        case 1 -> image();
        case 2 -> sequence();
        case 3 -> tokens();
        default -> graph();
      }
      dense(between(2, 5));
      if (random.nextBoolean()) {
        model.then(random.nextBoolean() ? "Softmax" : "LogSoftmax", Map.of("axis", 1));
      }
      return model.build();
    }

    private void vector(int features) {
      input = new InputShape(features, 1, 1, 2);
      model = new Models(opset, -1, features);
      channels = features;
      standardized(features);
      for (int layers = between(1, 3); layers > 0; layers--) {
        dense(between(2, 9));
        hidden(channels);
      }
    }

    /** Perhaps what is done to features first. */
    private void standardized(int... dims) {
      int size = IntStream.of(dims).reduce(1, (a, b) -> a * b);
      if (random.nextBoolean()) {
        model.then("Sub", Map.of(), constant(values(size, 1), dims));
        model.then(random.nextBoolean() ? "Div" : "Mul", Map.of(), constant(positive(size), dims));
      }
    }

    private void dense(int units) {
      if (random.nextBoolean()) {
        float[] weights = values(channels * units, 1 / Math.sqrt(channels));
        boolean transposed = random.nextBoolean();
        int[] dims = transposed ? new int[] {units, channels} : new int[] {channels, units};
        model.then(
            "Gemm",
            Map.of("transB", transposed ? 1 : 0, "alpha", 0.5f),
            constant(weights, dims),
            constant(values(units, 1), units));
        channels = units;
      } else {
        product(units);
      }
    }

    private void product(int units) {
      float[] weights = values(channels * units, 1 / Math.sqrt(channels));
      model.then("MatMul", Map.of(), constant(weights, channels, units));
      model.then("Add", Map.of(), constant(values(units, 1), units));
      channels = units;
    }

    /** What may come behind a dense layer or a convolution; dims of a vector a channel. */
    private void hidden(int... perChannel) {
      if (random.nextInt(3) == 0) {
        model.then("Mul", Map.of(), constant(values(channels, 2), perChannel));
      }
      if (random.nextInt(3) == 0) {
        model.then(
            "BatchNormalization",
            Map.of("epsilon", 0.01f),
            constant(positive(channels), channels),
            constant(values(channels, 1), channels),
            constant(values(channels, 1), channels),
            constant(positive(channels), channels));
      }
      switch (random.nextInt(4)) {
        case 0 -> model.then("Relu", Map.of());
        case 1 -> model.then("Tanh", Map.of());
        case 2 -> model.then("Sigmoid", Map.of());
        default -> {}
      }
      if (perChannel.length == 1 && random.nextInt(6) == 0) {
        model.then(random.nextBoolean() ? "Softmax" : "LogSoftmax", Map.of("axis", 1));
      }
      if (random.nextInt(4) == 0) {
        model.then("Dropout", Map.of());
      }
    }

    private void image() {
      channels = between(1, 3);
      height = between(5, 9);
      width = random.nextBoolean() ? height : between(5, 9);
      input = new InputShape(channels, height, width, 2);
      boolean last = random.nextInt(4) == 0;
      model =
          last
              ? new Models(opset, -1, height, width, channels)
              : new Models(opset, -1, channels, height, width);
      if (last) {
        model.then("Transpose", Map.of("perm", new long[] {0, 3, 1, 2}));
      }
      standardized(channels, 1, 1);
      convolution(between(1, 3), between(1, 3), between(1, 2), between(0, 1));
      for (int layers = between(1, 3); layers > 0; layers--) {
        switch (random.nextInt(5)) {
          case 0 -> pooling("MaxPool");
          case 1 -> pooling("AveragePool");
          case 2 -> block();
          default -> {
            convolution(between(1, 3), between(1, 3), between(1, 2), between(0, 1));
            hidden(channels, 1, 1);
          }
        }
      }
      flattened();
    }

    private void convolution(int filters, int kernelHeight, int kernelWidth, int stride) {
      int down = Math.min(kernelHeight, height);
      int across = Math.min(kernelWidth, width);
      int padDown = between(0, down - 1);
      int padAcross = between(0, across - 1);
      Map<String, Object> attributes =
          Map.of(
              "pads",
              new long[] {padDown, padAcross, padDown, padAcross},
              "strides",
              new long[] {stride + 1, 1},
              "kernel_shape",
              new long[] {down, across});
      int size = filters * channels * down * across;
      String weights = constant(values(size, 1), filters, channels, down, across);
      if (random.nextBoolean()) {
        model.then("Conv", attributes, weights, constant(values(filters, 1), filters));
      } else {
        model.then("Conv", attributes, weights);
      }
      channels = filters;
      height = (height + 2 * padDown - down) / (stride + 1) + 1;
      width = width + 2 * padAcross - across + 1;
    }

    private void pooling(String operator) {
      int window = Math.min(between(1, 3), Math.min(height, width));
      int stride = between(1, 2);
      model.then(
          operator,
          Map.of(
              "kernel_shape", new long[] {window, window}, "strides", new long[] {stride, stride}));
      height = (height - window) / stride + 1;
      width = (width - window) / stride + 1;
    }

    /** A residual block. */
    private void block() {
      model.then("Relu", Map.of());
      String source = model.last();
      int down = height;
      int across = width;
      int filters = channels;
      Map<String, Object> attributes = Map.of("auto_pad", "SAME_UPPER");
      for (int i = 0; i < 2; i++) {
        model.then(
            "Conv",
            attributes,
            constant(values(filters * filters * 9, 0.3), filters, filters, 3, 3));
        hidden(channels, 1, 1);
      }
      model.node("Add", Map.of(), List.of(source, model.last()));
      if (random.nextBoolean()) {
        model.then("Relu", Map.of());
      }
      height = down;
      width = across;
    }

    private void flattened() {
      String image = model.last();
      switch (random.nextInt(height == width ? 4 : 3)) {
        case 0 -> model.then("Flatten", Map.of("axis", 1));
        case 1 -> {
          // Channels last, as converters from TensorFlow have it.
          model.then("Transpose", Map.of("perm", new long[] {0, 2, 3, 1}));
          model.then("Reshape", Map.of(), model.constant(new int[] {2}, 0L, -1L));
        }
        case 2 -> {
          model.node("Shape", Map.of(), List.of(image));
          model.then("Gather", Map.of("axis", 0), model.constant(new int[] {1}, 0L));
          model.then("Concat", Map.of("axis", 0), model.constant(new int[] {1}, -1L));
          model.node("Reshape", Map.of(), List.of(image, model.last()));
        }
        default -> {
          if (random.nextBoolean()) {
            model.then("GlobalAveragePool", Map.of());
            model.then("Flatten", Map.of());
          } else {
            reduced();
          }
          height = 1;
          width = 1;
        }
      }
      channels *= height * width;
    }

    private void reduced() {
      reduced(0, 2, 3);
    }

    /** The mean, the largest or the sum over axes. */
    private void reduced(int keep, long... axes) {
      String operator = List.of("ReduceMean", "ReduceMax", "ReduceSum").get(random.nextInt(3));
      if (opset < (operator.equals("ReduceSum") ? 13 : 18)) {
        model.then(operator, Map.of("axes", axes, "keepdims", keep));
      } else {
        String constant = model.constant(new int[] {axes.length}, axes);
        model.then(operator, Map.of("keepdims", keep), constant);
      }
    }

    /** Vectors of tokens, which flow on as a sequence, as an image of one column, or flat. */
    private void tokens() {
      int steps = between(2, 6);
      tokens = between(2, 9);
      channels = between(2, 5);
      input =
          random.nextBoolean() ? new InputShape(1, steps, 1, 1) : new InputShape(steps, 1, 1, 1);
      TensorProto.DataType type =
          List.of(
                  TensorProto.DataType.FLOAT,
                  TensorProto.DataType.INT32,
                  TensorProto.DataType.INT64)
              .get(between(0, 2));
      model = new Models(type, opset, -1, steps);
      if (type == TensorProto.DataType.FLOAT) {
        model.then("Cast", Map.of("to", TensorProto.DataType.INT64.getNumber()));
      }
      String table = constant(values(tokens * channels, 1), tokens, channels);
      model.node("Gather", Map.of("axis", 0), List.of(table, model.last()));
      if (random.nextBoolean()) {
        model.then("Mul", Map.of(), constant(values(channels, 2), channels));
      }
      if (random.nextBoolean()) {
        model.then("Add", Map.of(), constant(values(steps * channels, 1), 1, steps, channels));
      }
      for (int layers = between(0, 2); layers > 0; layers--) {
        attention(steps);
      }
      switch (random.nextInt(3)) {
        case 0 -> {
          model.then("Flatten", Map.of("axis", 1));
          channels *= steps;
        }
        case 1 -> {
          model.then("Transpose", Map.of("perm", new long[] {0, 2, 1}));
          int filters = between(1, 4);
          String weights = constant(values(filters * channels * 2, 1), filters, channels, 2);
          model.then("Conv", Map.of("pads", new long[] {1, 0}), weights);
          model.then("Relu", Map.of());
          model.then("GlobalMaxPool", Map.of());
          model.then("Flatten", Map.of("axis", 1));
          channels = filters;
        }
        default -> {
          model.then("Transpose", Map.of("perm", new long[] {1, 0, 2}));
          recurrent(steps);
        }
      }
    }

    /** Of all steps to all steps, with a matrix for each of queries, keys and values, or one. */
    private void attention(int steps) {
      String source = model.last();
      int before = channels;
      int heads = between(1, 3);
      int each = between(1, 3);
      int inner = heads * each;
      List<String> made = new ArrayList<>();
      if (random.nextBoolean()) {
        dense(3 * inner, before);
        String packed = model.last();
        for (int i = 0; i < 3; i++) {
          String taken =
              model.constant(
                  new int[] {inner}, LongStream.range(i * inner, (i + 1) * inner).toArray());
          model.node("Gather", Map.of("axis", 2), List.of(packed, taken));
          made.add(model.last());
        }
      } else {
        for (int i = 0; i < 3; i++) {
          model.node("Identity", Map.of(), List.of(source));
          dense(inner, before);
          made.add(model.last());
        }
      }
      for (int i = 0; i < 3; i++) {
        String sides = model.constant(new int[] {4}, 0L, steps, heads, each);
        model.node("Reshape", Map.of(), List.of(made.get(i), sides));
        model.then(
            "Transpose",
            Map.of("perm", i == 1 ? new long[] {0, 2, 3, 1} : new long[] {0, 2, 1, 3}));
        if (i < 2 && random.nextInt(3) == 0) {
          model.then("Mul", Map.of(), constant(new float[] {0.7f}));
        }
        made.set(i, model.last());
      }
      model.node("MatMul", Map.of(), made.subList(0, 2));
      if (random.nextBoolean()) {
        model.then("Div", Map.of(), constant(new float[] {(float) Math.sqrt(each)}, 1));
      }
      model.then("Softmax", Map.of("axis", opset < 13 ? 3 : -1));
      model.then("MatMul", Map.of(), made.get(2));
      model.then("Transpose", Map.of("perm", new long[] {0, 2, 1, 3}));
      model.then("Reshape", Map.of(), model.constant(new int[] {3}, 0L, steps, inner));
      if (inner != before || random.nextBoolean()) {
        dense(before, inner);
      }
      model.node("Add", Map.of(), List.of(source, model.last()));
      if (opset >= 17 && random.nextBoolean()) {
        model.then(
            "LayerNormalization",
            // Of two numbers close together, without it, little but their rounding is left.
            Map.of("axis", -1, "epsilon", 0.01f),
            constant(positive(before), before),
            constant(values(before, 1), before));
      }
    }

    /** A dense layer at each place, perhaps with biases. */
    private void dense(int units, int inputs) {
      model.then(
          "MatMul",
          Map.of(),
          constant(values(units * inputs, 1 / Math.sqrt(inputs)), inputs, units));
      if (random.nextBoolean()) {
        model.then("Add", Map.of(), constant(values(units, 1), units));
      }
    }

    private void sequence() {
      int steps = between(1, 5);
      int features = between(1, 5);
      input = new InputShape(1, steps, features, 2);
      model = new Models(opset, -1, steps, features);
      channels = features;
      standardized(features);
      model.then("Transpose", Map.of("perm", new long[] {1, 0, 2}));
      recurrent(steps);
    }

    private void recurrent(int steps) {
      for (int layers = between(1, 2); layers > 0; layers--) {
        int units = between(1, 5);
        boolean gru = random.nextBoolean();
        int rows = (gru ? 3 : 4) * units;
        String direction = List.of("forward", "reverse", "bidirectional").get(between(0, 2));
        int count = direction.equals("bidirectional") ? 2 : 1;
        Map<String, Object> attributes = new HashMap<>();
        attributes.put("hidden_size", units);
        attributes.put("direction", direction);
        if (gru) {
          attributes.put("linear_before_reset", 1);
        }
        model.then(
            gru ? "GRU" : "LSTM",
            attributes,
            constant(values(count * rows * channels, 1), count, rows, channels),
            constant(values(count * rows * units, 1), count, rows, units),
            constant(values(count * 2 * rows, 1), count, 2 * rows));
        if (layers == 1 && random.nextInt(3) == 0) {
          states(count, units);
          return;
        }
        channels = count * units;
        model.then("Transpose", Map.of("perm", new long[] {0, 2, 1, 3}));
        model.then("Reshape", Map.of(), model.constant(new int[] {3}, 0L, 0L, -1L));
      }
      if (random.nextInt(3) == 0) {
        // Some steps, of which the largest counts.
        int first = between(0, steps - 1);
        long[] rest = LongStream.range(first, steps).toArray();
        String taken = model.constant(new int[] {rest.length}, rest);
        model.then("Gather", Map.of("axis", 0), taken);
        model.then("Transpose", Map.of("perm", new long[] {1, 2, 0}));
        model.then("GlobalMaxPool", Map.of());
        model.then("Flatten", Map.of("axis", 1));
      } else if (random.nextBoolean()) {
        // One at each step, and all of them to the end.
        product(between(1, 4));
        model.then("Relu", Map.of());
        model.then("Transpose", Map.of("perm", new long[] {1, 0, 2}));
        model.then("Flatten", Map.of("axis", 1));
        channels *= steps;
      } else {
        model.then("Gather", Map.of("axis", 0), model.constant(new int[] {1}, steps - 1L));
        model.then("Reshape", Map.of(), model.constant(new int[] {2}, -1L, (long) channels));
      }
    }

    /** What recurrent layers end with, which ONNX makes beside their outputs. */
    private void states(int count, int units) {
      String states = "states-" + model.last();
      model.graph().getNodeBuilder(model.graph().getNodeCount() - 1).addOutput(states);
      if (random.nextBoolean()) {
        model.node("Transpose", Map.of("perm", new long[] {1, 0, 2}), List.of(states));
        channels = count * units;
      } else {
        String one = model.constant(new int[] {1}, (long) between(0, count - 1));
        model.node("Gather", Map.of("axis", 0), List.of(states, one));
        channels = units;
      }
      model.then("Reshape", Map.of(), model.constant(new int[] {2}, -1L, (long) channels));
    }

    /** An image on its way through branches and all kinds of operators. */
    private void graph() {
      channels = 2 * between(1, 2);
      height = between(6, 10);
      width = between(6, 10);
      input = new InputShape(channels, height, width, 2);
      model = new Models(opset, -1, channels, height, width);
      standardized(channels, 1, 1);
      if (random.nextBoolean()) {
        grouped();
      }
      for (int layers = between(2, 6); layers > 0; layers--) {
        switch (random.nextInt(18)) {
          case 16 -> attended();
          case 0 -> grouped();
          case 1 -> padded();
          case 2 -> unevenPooling();
          case 3 -> concatenated();
          case 4 -> projected();
          case 5 -> excited();
          case 6 -> shuffled();
          case 7 -> chosen();
          case 8 -> combined();
          case 9 -> scaled();
          case 14 -> cropped();
          case 15 -> rearranged();
          case 13 -> resized();
          case 12 -> transposed();
          case 11 -> groupsNormalized();
          case 10 -> model.then("PRelu", Map.of(), constant(values(channels, 1), channels, 1, 1));
          default -> function();
        }
        if (random.nextBoolean()) {
          function();
        }
      }
      flattened();
    }

    private int[] pads(int span) {
      return new int[] {between(0, span - 1), between(0, span - 1)};
    }

    /** A convolution in groups or with gaps, and uneven padding. */
    private void grouped() {
      int groups = random.nextInt(3) == 0 ? 1 : random.nextBoolean() ? channels : 2;
      if (channels % groups != 0) {
        groups = 1;
      }
      int filters = groups * between(1, 2);
      boolean automatic = random.nextInt(3) == 0;
      // ONNX Runtime has either.
      int dilation = automatic ? 1 : between(1, 2);
      int stride = between(1, 2);
      int kernelHeight = between(1, (height - 1) / dilation + 1 > 2 ? 3 : 1);
      int kernelWidth = between(1, (width - 1) / dilation + 1 > 2 ? 3 : 1);
      int spanHeight = (kernelHeight - 1) * dilation + 1;
      int spanWidth = (kernelWidth - 1) * dilation + 1;
      Map<String, Object> attributes = new HashMap<>();
      attributes.put("group", groups);
      attributes.put("dilations", new long[] {dilation, dilation});
      attributes.put("strides", new long[] {stride, stride});
      if (automatic) {
        attributes.put("auto_pad", random.nextBoolean() ? "SAME_UPPER" : "SAME_LOWER");
        height = (height - 1) / stride + 1;
        width = (width - 1) / stride + 1;
      } else {
        int[] down = pads(spanHeight);
        int[] across = pads(spanWidth);
        attributes.put("pads", new long[] {down[0], across[0], down[1], across[1]});
        height = (height + down[0] + down[1] - spanHeight) / stride + 1;
        width = (width + across[0] + across[1] - spanWidth) / stride + 1;
      }
      int of = channels / groups;
      int size = filters * of * kernelHeight * kernelWidth;
      model.then(
          "Conv",
          attributes,
          constant(
              values(size, 1 / Math.sqrt(of * kernelHeight * kernelWidth)),
              filters,
              of,
              kernelHeight,
              kernelWidth),
          constant(values(filters, 1), filters));
      channels = filters;
    }

    private void pointwise(String source, int filters, int stride) {
      model.node(
          "Conv",
          Map.of("strides", new long[] {stride, stride}),
          List.of(
              source,
              constant(
                  values(filters * channels, 1 / Math.sqrt(channels)), filters, channels, 1, 1),
              constant(values(filters, 1), filters)));
    }

    private void padded() {
      int[] down = {between(0, 2), between(0, 2)};
      int[] across = {between(0, 2), between(0, 2)};
      long[] pads = {0, 0, down[0], across[0], 0, 0, down[1], across[1]};
      if (opset < 11) {
        model.then("Pad", Map.of("pads", pads));
      } else {
        model.then("Pad", Map.of(), model.constant(new int[] {8}, pads));
      }
      height += down[0] + down[1];
      width += across[0] + across[1];
      if (random.nextBoolean()) {
        grouped();
      }
    }

    private void unevenPooling() {
      boolean average = random.nextBoolean();
      int kernelHeight = between(1, Math.min(3, height));
      int kernelWidth = between(1, Math.min(3, width));
      int[] down = pads(kernelHeight);
      int[] across = pads(kernelWidth);
      int stride = between(1, 2);
      boolean ceiling =
          opset >= 10
              && random.nextInt(3) == 0
              && beginsWithin(height, kernelHeight, down, stride)
              && beginsWithin(width, kernelWidth, across, stride);
      boolean counted = average && !ceiling && random.nextBoolean();
      Map<String, Object> attributes = new HashMap<>();
      attributes.put("kernel_shape", new long[] {kernelHeight, kernelWidth});
      attributes.put("strides", new long[] {stride, stride});
      attributes.put("pads", new long[] {down[0], across[0], down[1], across[1]});
      if (ceiling) {
        attributes.put("ceil_mode", 1);
      }
      if (counted) {
        attributes.put("count_include_pad", 1);
      }
      model.then(average ? "AveragePool" : "MaxPool", attributes);
      height = pooled(height, kernelHeight, down, stride, ceiling);
      width = pooled(width, kernelWidth, across, stride, ceiling);
    }

    private static int pooled(int length, int kernel, int[] pads, int stride, boolean ceiling) {
      int rest = length + pads[0] + pads[1] - kernel;
      return (ceiling ? (rest + stride - 1) / stride : rest / stride) + 1;
    }

    /** Of windows that begin in padding, ONNX Runtime's shapes are others than its outputs'. */
    private static boolean beginsWithin(int length, int kernel, int[] pads, int stride) {
      return (pooled(length, kernel, pads, stride, true) - 1) * stride < length + pads[0];
    }

    /** As in Inception and DenseNet. */
    private void concatenated() {
      String source = model.last();
      int filters = between(1, 3);
      pointwise(source, filters, 1);
      function();
      String one = model.last();
      if (random.nextBoolean()) {
        pointwise(source, channels, 1);
        source = model.last();
      }
      model.node("Concat", Map.of("axis", 1), List.of(source, one));
      channels += filters;
      if (random.nextBoolean()) {
        normalized();
      }
    }

    private void normalized() {
      model.then(
          "BatchNormalization",
          Map.of(),
          constant(positive(channels), channels),
          constant(values(channels, 1), channels),
          constant(values(channels, 1), channels),
          constant(positive(channels), channels));
    }

    /** Instance normalization, or group normalization, before opset 18 as PyTorch writes it. */
    private void groupsNormalized() {
      Map<String, Object> epsilon = Map.of("epsilon", 0.01f);
      int groups = random.nextBoolean() ? channels : channels % 2 == 0 ? 2 : 1;
      if (groups == channels) {
        String factors = constant(values(channels, 1), channels);
        String summands = constant(values(channels, 1), channels);
        model.then("InstanceNormalization", epsilon, factors, summands);
      } else if (opset >= 18) {
        int count = opset < 21 ? groups : channels;
        model.then(
            "GroupNormalization",
            Map.of("epsilon", 0.01f, "num_groups", groups),
            constant(values(count, 1), count),
            constant(values(count, 1), count));
      } else {
        String source = model.last();
        model.then("Reshape", Map.of(), model.constant(new int[] {3}, 0L, groups, -1L));
        float[] ones = new float[groups];
        Arrays.fill(ones, 1);
        String factors = constant(ones, groups);
        String summands = constant(new float[groups], groups);
        model.then("InstanceNormalization", epsilon, factors, summands);
        String normalized = model.last();
        model.node("Shape", Map.of(), List.of(source));
        model.node("Reshape", Map.of(), List.of(normalized, model.last()));
        model.then("Mul", Map.of(), constant(values(channels, 1), channels, 1, 1));
        model.then("Add", Map.of(), constant(values(channels, 1), channels, 1, 1));
      }
    }

    /** A transposed convolution, which makes images larger while they are small. */
    private void transposed() {
      int groups = random.nextInt(3) == 0 ? channels : 1;
      int filters = groups * between(1, 2);
      int of = filters / groups;
      int[] kernel = {between(1, 3), between(1, 3)};
      int dilation = between(1, 2);
      int stride = height * width < 60 ? between(1, 2) : 1;
      long[] pads = new long[4];
      long[] rest = new long[2];
      int[] sides = {height, width};
      for (int side = 0; side < 2; side++) {
        int span = (kernel[side] - 1) * dilation + 1;
        // Some of the image stays.
        int most = sides[side] > 2 ? span - 1 : 0;
        pads[side] = between(0, Math.min(1, most));
        pads[side + 2] = between(0, Math.min(1, most));
        rest[side] = between(0, stride - 1);
        sides[side] =
            (int) ((sides[side] - 1) * stride + span - pads[side] - pads[side + 2] + rest[side]);
      }
      Map<String, Object> attributes = new HashMap<>();
      attributes.put("group", groups);
      attributes.put("dilations", new long[] {dilation, dilation});
      attributes.put("strides", new long[] {stride, stride});
      attributes.put("pads", pads);
      attributes.put("output_padding", rest);
      int size = channels * of * kernel[0] * kernel[1];
      float[] weights = values(size, 1 / Math.sqrt((double) size / filters));
      model.then(
          "ConvTranspose",
          attributes,
          constant(weights, channels, of, kernel[0], kernel[1]),
          constant(values(filters, 1), filters));
      channels = filters;
      height = sides[0];
      width = sides[1];
    }

    /** To other sides, by scales, by sizes, or by sizes that the graph computes. */
    private void resized() {
      boolean linear = random.nextBoolean();
      String mode = linear ? "linear" : "nearest";
      int[] sides = {height, width};
      float[] scales = new float[2];
      for (int i = 0; i < 2; i++) {
        float[] all = height * width < 60 ? new float[] {1, 1.5f, 2, 2.3f} : new float[] {1, 1.2f};
        scales[i] = all[random.nextInt(all.length)];
        sides[i] = (int) Math.floor(sides[i] * scales[i]);
      }
      String constant = constant(new float[] {1, 1, scales[0], scales[1]}, 4);
      if (opset < 11) {
        model.then(opset < 10 ? "Upsample" : "Resize", Map.of("mode", mode), constant);
      } else {
        String empty = model.constant(new int[] {0}, new float[0]);
        Map<String, Object> attributes = new HashMap<>();
        attributes.put("mode", mode);
        List<String> coordinates =
            List.of("asymmetric", "half_pixel", "pytorch_half_pixel", "align_corners");
        attributes.put("coordinate_transformation_mode", coordinates.get(random.nextInt(4)));
        if (!linear) {
          List<String> nearest =
              List.of("floor", "ceil", "round_prefer_floor", "round_prefer_ceil");
          attributes.put("nearest_mode", nearest.get(random.nextInt(4)));
        }
        switch (random.nextInt(3)) {
          case 0 -> model.then("Resize", attributes, empty, constant);
          case 1 -> {
            long[] sizes = {1, channels, sides[0], sides[1]};
            String all = model.constant(new int[] {4}, sizes);
            model.then("Resize", attributes, empty, empty, all);
          }
          default -> {
            // As PyTorch writes sizes where the batch is open.
            String source = model.last();
            model.node("Shape", Map.of(), List.of(source));
            model.then("Gather", Map.of("axis", 0), model.constant(new int[] {2}, 0L, 1L));
            model.then(
                "Concat",
                Map.of("axis", 0),
                model.constant(new int[] {2}, (long) sides[0], (long) sides[1]));
            model.node("Resize", attributes, List.of(source, empty, empty, model.last()));
          }
        }
      }
      height = sides[0];
      width = sides[1];
    }

    private void cropped() {
      long[] starts = {between(0, (height - 1) / 2), between(0, (width - 1) / 2)};
      long[] ends = {between(height / 2 + 1, height), between(width / 2 + 1, width)};
      long[] axes = {2, 3};
      if (opset < 10) {
        model.then("Slice", Map.of("starts", starts, "ends", ends, "axes", axes));
      } else {
        model.then(
            "Slice",
            Map.of(),
            model.constant(new int[] {2}, starts),
            model.constant(new int[] {2}, ends),
            model.constant(new int[] {2}, axes));
      }
      height = (int) (ends[0] - starts[0]);
      width = (int) (ends[1] - starts[1]);
    }

    /** What breaks channels up. */
    private void rearranged() {
      String source = model.last();
      switch (random.nextInt(5)) {
        case 0 -> {
          // Places as tokens, and a dense layer over them behind one over their channels.
          int units = between(2, 4);
          int tokens = between(2, 6);
          model.then("Reshape", Map.of(), model.constant(new int[] {3}, 0L, channels, -1L));
          model.then("Transpose", Map.of("perm", new long[] {0, 2, 1}));
          float[] weights = values(channels * units, 1 / Math.sqrt(channels));
          model.then("MatMul", Map.of(), constant(weights, channels, units));
          model.then("Transpose", Map.of("perm", new long[] {0, 2, 1}));
          float[] across = values(height * width * tokens, 1 / Math.sqrt(height * width));
          model.then("MatMul", Map.of(), constant(across, height * width, tokens));
          model.then("Reshape", Map.of(), model.constant(new int[] {4}, 0L, units, tokens, 1L));
          channels = units;
          height = tokens;
          width = 1;
        }
        case 1 -> {
          // Channels of places, two by two.
          int down = height % 2 == 0 ? 2 : 1;
          int across = width % 2 == 0 ? 2 : 1;
          long[] split = {0, channels, height / down, down, width / across, across};
          model.then("Reshape", Map.of(), model.constant(new int[] {6}, split));
          model.then("Transpose", Map.of("perm", new long[] {0, 1, 3, 5, 2, 4}));
          channels *= down * across;
          height /= down;
          width /= across;
          model.then(
              "Reshape", Map.of(), model.constant(new int[] {4}, 0L, channels, height, width));
          int filters = between(2, 4);
          pointwise(model.last(), filters, 1);
          channels = filters;
        }
        case 2 -> {
          function();
          model.node("Concat", Map.of("axis", 2), List.of(source, model.last(), source));
          height *= 3;
          pointwise(model.last(), channels, 2);
          height = (height - 1) / 2 + 1;
          width = (width - 1) / 2 + 1;
        }
        case 3 -> {
          // Rows as channels.
          model.then("Transpose", Map.of("perm", new long[] {0, 2, 1, 3}));
          int filters = between(2, 4);
          int rows = channels;
          channels = height;
          height = rows;
          pointwise(model.last(), filters, 1);
          channels = filters;
        }
        default -> {
          // One of all channels and rows that are left of a column and of the last one.
          model.then("Reshape", Map.of(), model.constant(new int[] {3}, 0L, -1L, width));
          long keep = random.nextInt(2);
          reduced((int) keep, 1);
          model.then("Reshape", Map.of(), model.constant(new int[] {4}, 0L, 1L, 1L, width));
          model.node("Add", Map.of(), List.of(source, model.last()));
        }
      }
    }

    /** A residual block whose shortcut is a convolution. */
    private void projected() {
      String source = model.last();
      int filters = between(2, 4);
      int stride = between(1, 2);
      pointwise(source, filters, stride);
      function();
      String one = model.last();
      pointwise(source, filters, stride);
      model.node("Add", Map.of(), List.of(one, model.last()));
      channels = filters;
      height = (height - 1) / stride + 1;
      width = (width - 1) / stride + 1;
    }

    /** Attention to places, in heads that may share keys and values, some of them hidden. */
    private void attended() {
      int heads = between(1, 2);
      int shared = random.nextBoolean() ? 1 : heads;
      int each = between(1, 3);
      int places = height * width;
      String source = model.last();
      String queries = heads(source, heads, each, 0, 1, 3, 2);
      String keys = heads(source, shared, each, 0, 1, 2, 3);
      String values = heads(source, shared, each, 0, 1, 3, 2);
      model.node("MatMul", Map.of(), List.of(queries, keys));
      model.then("Mul", Map.of(), constant(new float[] {0.7f}));
      int reach = between(0, 4);
      float[] hidden = new float[places * places];
      for (int i = 0; i < hidden.length; i++) {
        hidden[i] = i % places > i / places + reach ? -1e9f : 0;
      }
      switch (random.nextInt(3)) {
        case 0 -> model.then("Add", Map.of(), constant(hidden, 1, 1, places, places));
        case 1 -> {
          TensorProto.Builder near =
              Models.tensor(places, places).setDataType(TensorProto.DataType.BOOL_VALUE);
          for (float number : hidden) {
            near.addInt32Data(number == 0 ? 1 : 0);
          }
          String scores = model.last();
          model.node(
              "Where",
              Map.of(),
              List.of(model.constant(near), scores, constant(new float[] {-1e9f})));
        }
        default -> {}
      }
      model.then("Softmax", Map.of("axis", 3));
      model.node("MatMul", Map.of(), List.of(model.last(), values));
      model.then("Transpose", Map.of("perm", new long[] {0, 1, 3, 2}));
      channels = heads * each;
      model.then("Reshape", Map.of(), model.constant(new int[] {4}, 0L, channels, height, width));
    }

    private String heads(String source, int count, int each, long... axes) {
      pointwise(source, count * each, 1);
      model.then(
          "Reshape", Map.of(), model.constant(new int[] {4}, 0L, count, each, height * width));
      return model.then("Transpose", Map.of("perm", axes)).last();
    }

    /** Squeeze and excitation. */
    private void excited() {
      String source = model.last();
      model.then("GlobalAveragePool", Map.of());
      pointwise(model.last(), channels, 1);
      model.then("Relu", Map.of());
      pointwise(model.last(), channels, 1);
      model.then(random.nextBoolean() ? "Sigmoid" : "HardSigmoid", Map.of());
      String gate = model.last();
      model.node(
          "Mul", Map.of(), random.nextBoolean() ? List.of(source, gate) : List.of(gate, source));
    }

    /** Channels of groups in turn. */
    private void shuffled() {
      if (channels % 2 != 0) {
        pointwise(model.last(), 2 * channels, 1);
        channels *= 2;
      }
      long half = channels / 2;
      model.then("Reshape", Map.of(), model.constant(new int[] {5}, 0L, 2L, half, height, width));
      model.then("Transpose", Map.of("perm", new long[] {0, 2, 1, 3, 4}));
      model.then("Reshape", Map.of(), model.constant(new int[] {4}, 0L, channels, height, width));
    }

    /** Some channels, or two parts of which one is changed. */
    private void chosen() {
      if (channels == 1) {
        return;
      }
      switch (random.nextInt(3)) {
        case 0 -> {
          long[] all = new long[between(1, channels - 1)];
          for (int i = 0; i < all.length; i++) {
            all[i] = channels - 1 - i;
          }
          model.then("Gather", Map.of("axis", 1), model.constant(new int[] {all.length}, all));
          channels = all.length;
        }
        case 1 -> {
          if (opset < 10) {
            model.then(
                "Slice",
                Map.of("starts", new long[] {1}, "ends", new long[] {9}, "axes", new long[] {1}));
          } else {
            model.then(
                "Slice",
                Map.of(),
                model.constant(new int[] {1}, 1L),
                model.constant(new int[] {1}, 9L),
                model.constant(new int[] {1}, 1L));
          }
          channels = Math.min(channels, 9) - 1;
        }
        default -> {
          long first = between(1, channels - 1);
          long[] sides = {first, channels - first};
          String source = model.last();
          String one = "first-" + source;
          if (opset < 13) {
            model.node("Split", Map.of("axis", 1, "split", sides), List.of(source));
          } else {
            String constant = model.constant(new int[] {2}, sides);
            model.node("Split", Map.of("axis", 1), List.of(source, constant));
          }
          String other = model.last();
          int end = model.graph().getNodeCount() - 1;
          model.graph().getNodeBuilder(end).clearOutput().addOutput(one).addOutput(other);
          function();
          model.node("Concat", Map.of("axis", 1), List.of(model.last(), one));
        }
      }
    }

    /** What two branches make, number by number, one of them with a single channel or row. */
    private void combined() {
      String source = model.last();
      switch (random.nextInt(4)) {
        case 0 -> pointwise(source, 1, 1);
        case 1 -> {
          long[][] axes = {{1}, {2}, {-1}, {1, 2}, {-1, 1}, {1, 2, 3}};
          reduced(1, axes[random.nextInt(axes.length)]);
        }
        case 2 -> model.then("GlobalMaxPool", Map.of());
        default -> pointwise(source, channels, 1);
      }
      String other = model.last();
      String operator = List.of("Add", "Sub", "Mul").get(random.nextInt(3));
      if (random.nextInt(4) == 0) {
        model.then("Sigmoid", Map.of());
        model.then("Add", Map.of(), constant(new float[] {1}, 1));
        model.node("Div", Map.of(), List.of(source, model.last()));
      } else {
        model.node(
            operator,
            Map.of(),
            random.nextBoolean() ? List.of(source, other) : List.of(other, source));
      }
    }

    /** Constants where there are no weights that could take them up. */
    private void scaled() {
      model.then("Relu", Map.of());
      if (random.nextBoolean()) {
        model.then("Mul", Map.of(), constant(positive(channels), channels, 1, 1));
        model.then("Add", Map.of(), constant(values(channels, 1), channels, 1, 1));
      } else {
        model.then("Mul", Map.of(), constant(new float[] {-0.5f}, 1));
        model.then("Sub", Map.of(), constant(new float[] {0.25f}));
      }
    }

    private void function() {
      String x = model.last();
      switch (random.nextInt(17)) {
        case 0 -> clipped(0, 6);
        case 1 -> clipped(-0.5f, 0.5f);
        case 2 -> model.then("LeakyRelu", Map.of("alpha", 0.1f));
        case 3 -> model.then("Elu", Map.of("alpha", 0.7f));
        case 4 -> model.then("Selu", Map.of());
        case 5 -> model.then("HardSigmoid", Map.of("alpha", 0.25f, "beta", 0.4f));
        case 6 -> model.then("Softplus", Map.of());
        case 7 -> model.then("PRelu", Map.of(), constant(new float[] {0.2f}, 1));
        case 8 -> {
          model.then("Sigmoid", Map.of());
          model.node("Mul", Map.of(), List.of(x, model.last()));
        }
        case 9 -> hardSwish(x);
        case 10 -> gelu(x);
        case 11 -> geluByTanh(x);
        case 12 -> model.then("Max", Map.of(), constant(new float[] {0.1f}));
        case 13 -> model.then("Abs", Map.of());
        case 14 -> model.then("Tanh", Map.of());
        case 15 -> softmax();
        default -> model.then("Relu", Map.of());
      }
    }

    /** Over channels; before opset 13 as PyTorch writes it, with channels last. */
    private void softmax() {
      String operator = random.nextBoolean() ? "Softmax" : "LogSoftmax";
      if (opset < 13) {
        model.then("Transpose", Map.of("perm", new long[] {0, 2, 3, 1}));
        model.then(operator, Map.of("axis", 3));
        model.then("Transpose", Map.of("perm", new long[] {0, 3, 1, 2}));
      } else {
        model.then(operator, Map.of("axis", 1));
      }
    }

    private void clipped(float least, float most) {
      if (opset < 11) {
        model.then("Clip", Map.of("min", least, "max", most));
      } else {
        model.then("Clip", Map.of(), constant(new float[] {least}), constant(new float[] {most}));
      }
    }

    private void hardSwish(String x) {
      switch (random.nextInt(3)) {
        case 0 -> {
          model.then("HardSigmoid", Map.of("alpha", 1f / 6, "beta", 0.5f));
          model.node("Mul", Map.of(), List.of(x, model.last()));
        }
        case 1 -> {
          model.then("Add", Map.of(), constant(new float[] {3}));
          clipped(0, 6);
          model.node("Mul", Map.of(), List.of(x, model.last()));
          model.then("Div", Map.of(), constant(new float[] {6}));
        }
        default -> {
          model.then("Add", Map.of(), constant(new float[] {3}));
          clipped(0, 6);
          model.then("Div", Map.of(), constant(new float[] {6}));
          model.node("Mul", Map.of(), List.of(model.last(), x));
        }
      }
    }

    private void gelu(String x) {
      if (opset >= 20 && random.nextBoolean()) {
        model.then("Gelu", Map.of());
        return;
      }
      model.then("Div", Map.of(), constant(new float[] {(float) Math.sqrt(2)}));
      model.then("Erf", Map.of());
      model.then("Add", Map.of(), constant(new float[] {1}));
      model.node("Mul", Map.of(), List.of(x, model.last()));
      model.then("Mul", Map.of(), constant(new float[] {0.5f}));
    }

    private void geluByTanh(String x) {
      if (opset >= 20 && random.nextBoolean()) {
        model.then("Gelu", Map.of("approximate", "tanh"));
        return;
      }
      model.then("Pow", Map.of(), constant(new float[] {3}));
      model.then("Mul", Map.of(), constant(new float[] {0.044715f}));
      model.node("Add", Map.of(), List.of(x, model.last()));
      model.then("Mul", Map.of(), constant(new float[] {0.7978846f}));
      model.then("Tanh", Map.of());
      model.then("Add", Map.of(), constant(new float[] {1}));
      String gate = model.last();
      model.node("Mul", Map.of(), List.of(x, constant(new float[] {0.5f})));
      model.node("Mul", Map.of(), List.of(model.last(), gate));
    }
  }
}
