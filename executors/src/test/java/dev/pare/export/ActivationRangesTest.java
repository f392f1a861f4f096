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
import dev.pare.graph.Network;
import dev.pare.model.NamedArchitecture;
import dev.pare.train.Engine;
import dev.pare.train.EngineTest;
import dev.pare.train.Engines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    ActivationRanges.Range relu = ActivationRanges.Range.of(0, 25.5);
    assertThat(relu.scale()).isCloseTo(0.1f, within(1e-7f));
    assertThat(relu.zero()).isZero();
    ActivationRanges.Range both = ActivationRanges.Range.of(-1, 2);
    assertThat(both.scale()).isCloseTo(3 / 255f, within(1e-7f));
    assertThat(both.zero()).isEqualTo(85);
    assertThat(ActivationRanges.Range.of(0, 0)).isEqualTo(new ActivationRanges.Range(1, 0));
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
    ActivationRanges.Histogram histogram = new ActivationRanges.Histogram();
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
              error(values, ActivationRanges.Range.of(low * percent / 100, high * percent / 100)));
    }
    ActivationRanges.Range chosen = histogram.range().orElseThrow();
    assertThat(error(values, chosen)).isLessThan(1.02 * least);
    assertThat(error(values, chosen))
        .isLessThan(0.8 * error(values, ActivationRanges.Range.of(low, high)));
  }

  private static double error(float[] values, ActivationRanges.Range range) {
    double error = 0;
    for (float value : values) {
      long level = Math.round(value / (double) range.scale()) + range.zero();
      double rounded = range.scale() * (Math.max(0, Math.min(255, level)) - range.zero());
      error += (value - rounded) * (value - rounded);
    }
    return error;
  }

  @Test
  void whatIsNoNumberHasNoRange() {
    ActivationRanges.Histogram histogram = new ActivationRanges.Histogram();
    histogram.widen(new float[] {1, Float.POSITIVE_INFINITY});
    assertThat(histogram.range()).isEmpty();
    histogram = new ActivationRanges.Histogram();
    histogram.widen(new float[] {1, Float.NaN});
    assertThat(histogram.range()).isEmpty();
  }

  static Stream<Architecture> architectures() {
    return EngineTest.architectures();
  }

  /** Of every kind of layer; those that jump may do so elsewhere, and are not compared. */
  @ParameterizedTest
  @MethodSource("architectures")
  void everyKindOfLayerReadsEightBits(Architecture architecture) {
    CompressedNetwork network = CompressedNetwork.of(Initialization.random(architecture, 5));
    SomeInputs inputs = SomeInputs.of(network, EXAMPLES);
    ExportedModel model = rounded(network, inputs);
    float[] expected = logits(network.toNetwork(), inputs);
    try (ModelRun run = new ModelRun(model, List.of(model.logits()))) {
      float[] made = run.values(inputs.values(), EXAMPLES).get(model.logits());
      assertThat(made).hasSameSizeAs(expected);
      if (architecture.layers().stream().allMatch(layer -> layer.isContinuous())) {
        double differences = 0;
        double squares = 0;
        for (int i = 0; i < made.length; i++) {
          differences += Math.pow((double) made[i] - expected[i], 2);
          squares += Math.pow(expected[i], 2);
        }
        assertThat(Math.sqrt(differences / squares))
            .as(architecture.nodes().toString())
            .isLessThan(0.15);
      }
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
      engine.forward(network.parameters(), inputs.values(), EXAMPLES, logits);
    }
    return logits;
  }

  /** What its optimizer makes of a model. */
  @Test
  void onnxRuntimeComputesWithIntegers() throws IOException, OrtException {
    InputShape images = new InputShape(1, 28, 28, 255);
    Architecture lenet = NamedArchitecture.of(NamedArchitecture.Name.LENET_5).resolve(images, 10);
    CompressedNetwork network = CompressedNetwork.of(Initialization.random(lenet, 3));
    ExportedModel model = rounded(network, SomeInputs.of(network, EXAMPLES));
    Path optimized = folder.resolve("optimized.onnx");
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.EXTENDED_OPT);
      options.setOptimizedModelFilePath(optimized.toString());
      OrtEnvironment.getEnvironment().createSession(model.bytes(), options).close();
    }
    List<String> operators =
        ModelProto.parseFrom(Files.readAllBytes(optimized)).getGraph().getNodeList().stream()
            .map(NodeProto::getOpType)
            .toList();
    long convolutions = lenet.layers().stream().filter(Convolution.class::isInstance).count();
    long dense = lenet.layers().stream().filter(Dense.class::isInstance).count();
    assertThat(operators).filteredOn("QLinearConv"::equals).hasSize((int) convolutions);
    assertThat(operators).filteredOn("QGemm"::equals).hasSize((int) dense);
    assertThat(operators).doesNotContain("Conv", "Gemm", "MatMul", "Relu", "DequantizeLinear");
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
