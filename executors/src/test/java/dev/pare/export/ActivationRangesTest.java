package dev.pare.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.codec.RandomSeed;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.Network;
import dev.pare.graph.OperatorSamples;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Quantization;
import dev.pare.graph.Window;
import dev.pare.layers.Batch;
import dev.pare.model.NamedArchitecture;
import dev.pare.quantize.ActivationHistogram;
import dev.pare.train.Engine;
import dev.pare.train.Engines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Models whose layers read 8 bits. */
class ActivationRangesTest {
  private static final int EXAMPLES = 64;

  @TempDir private Path folder;

  /** As ONNX has them: real = scale · (q − zero), and zero is one of the levels. */
  @Test
  void zeroIsALevelAndTheEndsAre() {
    Quantization relu = Quantization.between(0, 25.5);
    assertThat(relu.scale()).isCloseTo(0.1f, within(1e-7f));
    assertThat(relu.zeroPoint()).isZero();
    Quantization both = Quantization.between(-1, 2);
    assertThat(both.scale()).isCloseTo(3 / 255f, within(1e-7f));
    assertThat(both.zeroPoint()).isEqualTo(85);
    assertThat(Quantization.between(0, 0)).isEqualTo(new Quantization(1, 0));
  }

  @Test
  void whatHasLevelsAlreadyIsRefused() {
    Architecture architecture = OperatorSamples.quantized();
    CompressedNetwork network = OnnxExportTest.random(architecture);
    ExportedModel model = OnnxExport.of(network, WeightForm.FLOAT, Map.of());
    assertThatThrownBy(() -> ActivationRanges.of(model, SomeInputs.of(network, EXAMPLES)))
        .isInstanceOf(ExportException.class)
        .hasMessage(
            "the file's activations have 8 bits already: leave out --activations, integers are"
                + " exported as they are");
  }

  /** By going through every value and every range. */
  @Test
  void theRangeHasTheLeastError() {
    SplittableRandom random = RandomSeed.random("ranges");
    float[] values = new float[1_000_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    values[0] = 20;
    ActivationHistogram histogram = new ActivationHistogram();
    histogram.widen(values);
    histogram.count(values);
    double low = 0;
    double high = 0;
    for (float value : values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    double least = Double.POSITIVE_INFINITY;
    for (int percent = 10; percent <= 100; percent++) {
      least =
          Math.min(
              least,
              error(values, Quantization.between(low * percent / 100, high * percent / 100)));
    }
    Quantization chosen = histogram.range().orElseThrow();
    assertThat(error(values, chosen)).isLessThan(1.02 * least);
    assertThat(error(values, chosen))
        .isLessThan(0.8 * error(values, Quantization.between(low, high)));
  }

  private static double error(float[] values, Quantization range) {
    double error = 0;
    for (float value : values) {
      long level = Math.round(value / (double) range.scale()) + range.zeroPoint();
      double rounded = range.scale() * (Math.max(0, Math.min(255, level)) - range.zeroPoint());
      error += (value - rounded) * (value - rounded);
    }
    return error;
  }

  @Test
  void whatIsNoNumberHasNoRange() {
    ActivationHistogram histogram = new ActivationHistogram();
    histogram.widen(new float[] {1, Float.POSITIVE_INFINITY});
    assertThat(histogram.range()).isEmpty();
    histogram = new ActivationHistogram();
    histogram.widen(new float[] {1, Float.NaN});
    assertThat(histogram.range()).isEmpty();
  }

  static Stream<Architecture> architectures() {
    return OnnxExportTest.samples();
  }

  /** Of every kind of layer; those that jump may do so elsewhere, and are not compared. */
  @ParameterizedTest
  @MethodSource("architectures")
  void everyKindOfLayerReadsEightBits(Architecture architecture) {
    CompressedNetwork network = CompressedNetwork.of(Initialization.random(architecture, 5));
    SomeInputs inputs = SomeInputs.of(network, EXAMPLES);
    ExportedModel model = rounded(network, inputs);
    double error = error(model, network.toNetwork(), inputs);
    if (architecture.layers().stream().allMatch(Layer::isContinuous)) {
      assertThat(error).isLessThan(0.15);
    }
  }

  private static ExportedModel rounded(CompressedNetwork network, SomeInputs inputs) {
    ActivationRanges ranges =
        ActivationRanges.of(OnnxExport.of(network, WeightForm.INT8, Map.of()), inputs);
    assertThat(ranges.examples()).isEqualTo(EXAMPLES);
    return OnnxExport.of(network, WeightForm.INT8, ranges, Map.of());
  }

  private static float[] logits(Network network, SomeInputs inputs) {
    float[] logits = new float[EXAMPLES * network.architecture().outputs()];
    try (Engine engine = Engines.of(network.architecture(), EXAMPLES)) {
      engine.forward(network.parameters(), Batch.of(inputs.values(), EXAMPLES), logits);
    }
    return logits;
  }

  @Test
  void onnxRuntimeComputesWithIntegers() throws IOException, OrtException {
    InputShape images = new InputShape(1, 28, 28, 255);
    Architecture lenet = NamedArchitecture.of(NamedArchitecture.Name.LENET_5).resolve(images, 10);
    CompressedNetwork network = CompressedNetwork.of(Initialization.random(lenet, 3));
    assertThat(optimized(rounded(network, SomeInputs.of(network, EXAMPLES))))
        .containsExactly(
            "Div",
            "QuantizeLinear",
            "QLinearConv",
            "MaxPool",
            "QLinearConv",
            "MaxPool",
            "Flatten",
            "QGemm",
            "QGemm",
            "Softmax");
  }

  /** Inputs of either sign, so that what padding adds is not the level 0. */
  @Test
  void groupedAndPaddedConvolutionsToo() throws IOException, OrtException {
    Window three = new Window(3, 1, 1);
    Architecture architecture =
        new Architecture(
            new InputShape(8, 7, 7, 1),
            List.of(
                new Convolution(16, 2, three, three, Activation.RELU),
                new Convolution(16, 16, three, three, Activation.IDENTITY),
                new Dense(10, Activation.SOFTMAX)));
    CompressedNetwork network = CompressedNetwork.of(Initialization.random(architecture, 3));
    SomeInputs inputs = SomeInputs.of(network, EXAMPLES);
    ExportedModel model = rounded(network, inputs);

    assertThat(optimized(model)).filteredOn(operator -> operator.equals("QLinearConv")).hasSize(2);
    assertThat(error(model, network.toNetwork(), inputs)).isLessThan(0.03);
  }

  /** Of a pruned unit only the bias is left, which must fit into 32 bits. */
  @Test
  void biasesOfUnitsWithoutWeightsAreKept() throws IOException, OrtException {
    Architecture architecture =
        new Architecture(
            new InputShape(40, 1, 1, 1),
            List.of(new Dense(30, Activation.IDENTITY), new Dense(10, Activation.SOFTMAX)));
    for (float smallest : new float[] {0, 1e-12f, 1e-38f}) {
      Network start = Initialization.random(architecture, 3);
      Arrays.fill(start.parameters(), 0, 40, smallest);
      ParameterTensor bias = architecture.tensors().get(1);
      Arrays.fill(start.parameters(), bias.offset(), bias.end(), 0.37f);
      CompressedNetwork network = CompressedNetwork.of(start);
      SomeInputs inputs = SomeInputs.of(network, EXAMPLES);

      ExportedModel model = rounded(network, inputs);

      assertThat(optimized(model)).filteredOn("QGemm"::equals).hasSize(2);
      assertThat(error(model, start, inputs)).isLessThan(0.02);
    }
  }

  /** What ONNX Runtime's optimizer makes of a model, by the names of operators. */
  private List<String> optimized(ExportedModel model) throws IOException, OrtException {
    Path optimized = folder.resolve("optimized.onnx");
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.EXTENDED_OPT);
      options.setOptimizedModelFilePath(optimized.toString());
      OrtEnvironment.getEnvironment().createSession(model.bytes(), options).close();
    }
    return ModelProto.parseFrom(Files.readAllBytes(optimized)).getGraph().getNodeList().stream()
        .map(NodeProto::getOpType)
        .toList();
  }

  /** Of the outputs before the softmax, as a share of their norm. */
  private static double error(ExportedModel model, Network network, SomeInputs inputs) {
    float[] expected = logits(network, inputs);
    double differences = 0;
    double squares = 0;
    try (ModelRun run = new ModelRun(model, List.of(model.logits()))) {
      float[] made = run.values(inputs.values(), EXAMPLES).get(model.logits());
      assertThat(made).hasSameSizeAs(expected);
      for (int i = 0; i < made.length; i++) {
        differences += Math.pow((double) made[i] - expected[i], 2);
        squares += Math.pow(expected[i], 2);
      }
    }
    return Math.sqrt(differences / squares);
  }

  @Test
  void aLayerWithoutARangeIsNamed() {
    Architecture architecture =
        new Architecture(
            new InputShape(2, 1, 1, 1),
            List.of(new Dense(3, Activation.IDENTITY), new Dense(2, Activation.SOFTMAX)));
    Network network = Initialization.random(architecture, 1);
    network.parameters()[0] = Float.POSITIVE_INFINITY;
    CompressedNetwork infinite = CompressedNetwork.of(network);
    SomeInputs inputs = SomeInputs.of(infinite, EXAMPLES);
    ExportedModel model = OnnxExport.of(infinite, WeightForm.FLOAT, Map.of());

    assertThatThrownBy(() -> ActivationRanges.of(model, inputs))
        .isInstanceOf(ExportException.class)
        .hasMessageStartingWith("layer 0 (dense 3)");
  }
}
