package dev.pare.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.FloatTensor;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.ChannelSelection;
import dev.pare.graph.Dense;
import dev.pare.graph.Dl4jLayer;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.Network;
import dev.pare.graph.Parameter;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.Positions;
import dev.pare.graph.Quantization;
import dev.pare.graph.SelfAttention;
import dev.pare.graph.Shape;
import dev.pare.graph.SparseActivation;
import dev.pare.layers.Batch;
import dev.pare.model.NamedArchitecture;
import dev.pare.onnx.OnnxFile;
import dev.pare.onnx.OnnxFiles;
import dev.pare.train.Engine;
import dev.pare.train.EngineTest;
import dev.pare.train.Engines;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exported networks compute in ONNX Runtime what they compute here. */
class OnnxExportTest {
  static final int EXAMPLES = 5;
  private static final double RELATIVE = 1e-5;

  /** Of every layer that can be trained: PassesTest holds that. */
  /** All but those with activations of 8 bits: ONNX Runtime rounds floats that weigh these. */
  static Stream<Architecture> samples() {
    return EngineTest.architectures()
        .filter(sample -> sample.layers().stream().noneMatch(Quantization.class::isInstance));
  }

  @Test
  void everyKindOfLayerThatCanBeTrainedHasAnExporter() {
    assertThat(
            EngineTest.architectures()
                .flatMap(sample -> sample.layers().stream())
                .map(Layer::getClass))
        .allMatch(Exporters::knows);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void layers(Architecture architecture) {
    checkSame(random(architecture));
  }

  @ParameterizedTest
  @EnumSource(NamedArchitecture.Name.class)
  void namedArchitectures(NamedArchitecture.Name name) {
    checkSame(random(NamedArchitecture.of(name).resolve(new InputShape(1, 28, 28, 255), 10)));
  }

  static Set<String> imported() {
    return OnnxFiles.SUPPORTED.keySet();
  }

  @ParameterizedTest
  @MethodSource
  void imported(String name) throws IOException {
    float[] examples = OnnxFiles.floats(name + ".inputs");
    InputShape input = OnnxFiles.SUPPORTED.get(name);
    checkSame(compressed(OnnxFile.read(OnnxFiles.model(name), input, examples).network()));
  }

  /** But format-3.0, whose network has variances below zero and no numbers for outputs. */
  @ParameterizedTest
  @ValueSource(
      strings = {"1.0", "2.0", "3.0-origin", "4.0-activations", "4.0", "5.0", "6.0-origin", "7.0"})
  void filesOfAllFormats(String format) throws IOException {
    try (InputStream in = ArtifactReader.class.getResourceAsStream("format-" + format + ".pare")) {
      checkSame(new ArtifactReader().read(Objects.requireNonNull(in)));
    }
  }

  private static void checkSame(CompressedNetwork network) {
    ExportedModel model = OnnxExport.of(network, WeightForm.FLOAT, Map.of());
    Architecture architecture = network.architecture();
    float[] features = features(architecture);
    float[] expected = logits(network.toNetwork(), features);
    try (ModelRun run = new ModelRun(model, List.of(model.logits()))) {
      checkClose(run.values(features, EXAMPLES).get(model.logits()), expected);
    }
    InputShape raw =
        new InputShape(
            architecture.input().channels(),
            architecture.input().height(),
            architecture.input().width(),
            1);
    if (architecture.layers().stream().map(Layer::whole).noneMatch(OnnxExportTest::isOurs)) {
      checkClose(logits(OnnxFile.read(model.bytes(), raw, features).network(), features), expected);
    }
  }

  /** Layers that the import has nothing for. */
  private static boolean isOurs(Layer layer) {
    return layer instanceof SparseActivation
        || layer instanceof Positions
        || layer instanceof SelfAttention
        || layer instanceof ChannelSelection selection
            && Set.copyOf(selection.channels()).size() < selection.channels().size();
  }

  @Test
  void layersThatOnnxHasNothingLikeAreNamed() {
    Parameter weights = new Parameter("W", Parameter.Role.WEIGHT, 2, 3);
    Architecture architecture =
        new Architecture(
            new InputShape(3, 1, 1, 1),
            List.of(
                new Dense(3, Activation.RELU),
                new Dl4jLayer("{}", new Shape(2, 1, 1), List.of(weights))));
    assertThatThrownBy(() -> OnnxExport.of(random(architecture), WeightForm.FLOAT, Map.of()))
        .isInstanceOf(ExportException.class)
        .hasMessage("layer 1 is a DL4J layer, which cannot be exported to ONNX");
  }

  static void checkClose(float[] outputs, float[] expected) {
    double largest = 0;
    for (float output : expected) {
      largest = Math.max(largest, Math.abs(output));
    }
    assertThat(outputs).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) outputs[i]).isCloseTo(expected[i], within(RELATIVE * largest));
    }
  }

  static float[] logits(Network network, float[] features) {
    float[] logits = new float[EXAMPLES * network.architecture().outputs()];
    try (Engine engine = Engines.of(network.architecture(), EXAMPLES)) {
      engine.forward(network.parameters(), Batch.of(features, EXAMPLES), logits);
    }
    return logits;
  }

  static float[] features(Architecture architecture) {
    SplittableRandom random = new SplittableRandom(1);
    float[] features = new float[EXAMPLES * architecture.input().size()];
    int[] vocabularies = architecture.vocabularies();
    for (int i = 0; i < features.length; i++) {
      int tokens = vocabularies[i % vocabularies.length];
      features[i] =
          tokens > 0
              ? random.nextInt(tokens)
              : (float) (random.nextDouble() * architecture.input().divisor());
    }
    return features;
  }

  /** Statistics and factors other than those that a network begins with, too. */
  static CompressedNetwork random(Architecture architecture) {
    float[] parameters = Initialization.random(architecture, 1).parameters();
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] += (float) (0.2 * random.nextDouble() - 0.1);
    }
    return compressed(new Network(architecture, parameters));
  }

  static CompressedNetwork compressed(Network network) {
    Architecture architecture = network.architecture();
    float[] parameters = network.parameters();
    List<CompressedTensor> tensors = new ArrayList<>();
    for (ParameterTensor tensor : architecture.tensors()) {
      tensors.add(
          new FloatTensor(
              tensor.rows(),
              tensor.columns(),
              Arrays.copyOfRange(parameters, tensor.offset(), tensor.end())));
    }
    return new CompressedNetwork(architecture, tensors);
  }
}
