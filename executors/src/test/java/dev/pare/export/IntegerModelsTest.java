package dev.pare.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.FloatTensor;
import dev.pare.artifact.UniformTensor;
import dev.pare.codec.LevelMatrix;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Elementwise;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.Node;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Pooling;
import dev.pare.graph.Quantization;
import dev.pare.graph.Shortcut;
import dev.pare.graph.Window;
import dev.pare.kernel.ForwardPass;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks with activations of 8 bits in ONNX Runtime, to the bit what Pare makes of them. */
class IntegerModelsTest {
  private static final int EXAMPLES = 1000;
  private static final Quantization BYTES = new Quantization(1 / 255f, 0);
  private static final Quantization SIGNED = new Quantization(0.031f, 117);
  private static final Quantization POSITIVE = new Quantization(0.023f, 0);
  private static final Layer RELU = Elementwise.of(Elementwise.Function.RELU);
  private static final Dense OUTPUT = new Dense(10, Activation.SOFTMAX);

  static Stream<Architecture> architectures() {
    Window side = new Window(3, 1, 1);
    return Stream.of(
        new Architecture(
            new InputShape(1, 28, 28, 255),
            List.of(
                BYTES,
                new Dense(30, Activation.RELU),
                POSITIVE,
                new Dense(20, Activation.IDENTITY),
                SIGNED,
                OUTPUT)),
        new Architecture(
            new InputShape(1, 28, 28, 255),
            List.of(
                BYTES,
                new Convolution(6, 5, 1, Activation.RELU),
                POSITIVE,
                new Pooling(Pooling.Pool.MAX, 2, 2),
                new Convolution(9, 5, 1, Activation.IDENTITY),
                SIGNED,
                new Pooling(Pooling.Pool.MAX, 2, 2),
                new Dense(40, Activation.RELU),
                POSITIVE,
                OUTPUT)),
        new Architecture(
            new InputShape(3, 16, 16, 255),
            List.of(
                BYTES,
                new Convolution(8, side, new Window(3, 2, 1, 0, 1), Activation.IDENTITY),
                RELU,
                POSITIVE,
                new Convolution(8, 8, side, side, Activation.IDENTITY),
                new Elementwise(Elementwise.Function.CLIP, 0, 6),
                new Quantization(6 / 255f, 0),
                new Convolution(12, 1, 1, Activation.IDENTITY),
                SIGNED,
                new Convolution(12, 3, 1, 1, Activation.RELU),
                POSITIVE,
                new Pooling(Pooling.Pool.AVERAGE, new Window(16, 1, 0), new Window(8, 1, 0)),
                new Quantization(0.011f, 0),
                OUTPUT)),
        new Architecture(
            new InputShape(3, 12, 12, 255),
            List.of(
                BYTES,
                new Convolution(8, 3, 1, 1, Activation.RELU),
                new Quantization(0.027f, 0),
                new Convolution(8, 3, 1, 1, Activation.RELU),
                POSITIVE,
                new Convolution(8, 3, 1, 1, Activation.IDENTITY),
                new Quantization(0.027f, 130),
                Node.of(new Shortcut(Activation.RELU), 6, 2),
                new Quantization(0.027f, 0),
                new Pooling(Pooling.Pool.AVERAGE, 2, 2),
                new Quantization(0.02f, 0),
                OUTPUT)));
  }

  private static CompressedNetwork network(Architecture architecture, Random random) {
    List<CompressedTensor> tensors = new ArrayList<>();
    for (ParameterTensor place : architecture.tensors()) {
      if (!place.isWeight()) {
        float[] biases = new float[place.size()];
        for (int i = 0; i < biases.length; i++) {
          biases[i] = random.nextFloat() - 0.5f;
        }
        tensors.add(new FloatTensor(1, biases.length, biases));
        continue;
      }
      short[] levels = new short[place.size()];
      for (int i = 0; i < levels.length; i++) {
        // Extreme ones are those whose sums saturate where a runtime's do.
        int extreme = random.nextInt(5);
        levels[i] = (short) (extreme == 0 ? 127 : extreme == 1 ? 0 : random.nextInt(255) - 127);
      }
      float[] scales = new float[random.nextBoolean() ? 1 : place.rows()];
      for (int i = 0; i < scales.length; i++) {
        scales[i] = (float) (0.02 / Math.sqrt(place.columns())) * (0.5f + random.nextFloat());
      }
      tensors.add(
          new UniformTensor(new LevelMatrix(place.rows(), place.columns(), levels), scales));
    }
    return new CompressedNetwork(architecture, tensors);
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void theSameBits(Architecture architecture) {
    Random random = new Random(7);
    for (int round = 0; round < 3; round++) {
      CompressedNetwork network = network(architecture, random);
      ExportedModel model = OnnxExport.of(network, WeightForm.FLOAT, Map.of());
      int features = architecture.input().size();
      float[] all = new float[EXAMPLES * features];
      List<float[]> examples = new ArrayList<>();
      for (int e = 0; e < EXAMPLES; e++) {
        float[] own = new float[features];
        for (int i = 0; i < features; i++) {
          own[i] = random.nextInt(256);
        }
        System.arraycopy(own, 0, all, e * features, features);
        examples.add(own);
      }
      float[] made;
      try (ModelRun run = new ModelRun(model, List.of(model.logits()))) {
        made = Objects.requireNonNull(run.values(all, EXAMPLES).get(model.logits()));
      }
      List<float[]> expected =
          new ForwardPass(architecture, network.tensors()::get).logits(examples);
      int outputs = architecture.outputs();
      int differing = 0;
      for (int i = 0; i < made.length; i++) {
        differing += made[i] == expected.get(i / outputs)[i % outputs] ? 0 : 1;
      }
      assertThat(differing).isZero();
    }
  }
}
