package dev.pare.onnx;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.pare.data.TestSeed;
import dev.pare.graph.InputShape;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import org.junit.jupiter.api.Test;

/** Random networks of all supported operators compute what they compute in ONNX Runtime. */
class GeneratedModelsTest {
  private static final int NETWORKS = 60;
  private static final int EXAMPLES = 4;

  @Test
  void networks() {
    SplittableRandom seeds = TestSeed.random();
    for (int i = 0; i < NETWORKS; i++) {
      Generated generated = new Generated(seeds.split());
      ModelProto model = generated.model(i % 3);
      InputShape input = generated.input;
      float[] examples = generated.values(EXAMPLES * input.size(), 2);
      assertThatCode(() -> OnnxFile.read(model.toByteArray(), input, examples))
          .as(
              "%s of %s",
              model.getGraph().getNodeList().stream()
                  .map(NodeProto::getOpType)
                  .collect(Collectors.joining(" ")),
              input)
          .doesNotThrowAnyException();
    }
  }

  /** One network, with what flows at its end. */
  private static final class Generated {
    private final SplittableRandom random;
    private InputShape input = new InputShape(1, 1, 1, 1);
    private Models model = new Models(17, -1);
    private int opset;
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
        default -> sequence();
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
      long[] axes = {2, 3};
      if (opset < 18) {
        model.then("ReduceMean", Map.of("axes", axes, "keepdims", 0));
      } else {
        model.then("ReduceMean", Map.of("keepdims", 0), model.constant(new int[] {2}, axes));
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
      for (int layers = between(1, 2); layers > 0; layers--) {
        int units = between(1, 5);
        boolean gru = random.nextBoolean();
        int rows = (gru ? 3 : 4) * units;
        model.then(
            gru ? "GRU" : "LSTM",
            gru
                ? Map.of("hidden_size", units, "linear_before_reset", 1)
                : Map.of("hidden_size", units),
            constant(values(rows * channels, 1), 1, rows, channels),
            constant(values(rows * units, 1), 1, rows, units),
            constant(values(2 * rows, 1), 1, 2 * rows));
        channels = units;
        model.then("Reshape", Map.of(), model.constant(new int[] {3}, 0L, -1L, (long) units));
      }
      if (random.nextBoolean()) {
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
  }
}
