package dev.pare.csource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.FloatTensor;
import dev.pare.artifact.SampleNetworks;
import dev.pare.codec.RandomSeed;
import dev.pare.export.ExportException;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Dl4jLayer;
import dev.pare.graph.Initialization;
import dev.pare.graph.InputShape;
import dev.pare.graph.Layer;
import dev.pare.graph.Network;
import dev.pare.graph.OperatorSamples;
import dev.pare.graph.Parameter;
import dev.pare.graph.Parameter.Role;
import dev.pare.graph.Shape;
import dev.pare.model.NamedArchitecture;
import dev.pare.onnx.OnnxFile;
import dev.pare.onnx.OnnxFiles;
import dev.pare.predict.Prediction;
import dev.pare.predict.Predictor;
import dev.pare.train.EngineTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks compute in C what they compute in Java. */
class CExportTest {
  private static final int EXAMPLES = 3;
  private static final float TOLERANCE = 1e-5f;

  /**
   * Of networks with hundreds of units, which random weights make of the last bits of functions.
   */
  private static final float WHOLE_NETWORK = 1e-4f;

  @TempDir private Path folder;

  /** Of every layer that can be trained: PassesTest holds that. */
  static Stream<Architecture> samples() {
    return EngineTest.architectures();
  }

  @Test
  void everyKindOfLayerThatCanBeTrainedCanBeWritten() {
    assertThat(samples().flatMap(sample -> sample.layers().stream()).map(Layer::getClass))
        .allMatch(Writers::knows);
  }

  /** And reads and writes nothing outside its tables and its arena. */
  @ParameterizedTest
  @MethodSource("samples")
  void layers(Architecture architecture) throws IOException {
    assumeTrue(Compiler.exists("gcc"), "there is no gcc to compile C with");
    SplittableRandom random = RandomSeed.random(architecture.toString());
    CompressedNetwork network = SampleNetworks.mixed(architecture, random);
    // Codes differ in what they decode, not in what is made of it: one of them each.
    CForm coded = random.nextBoolean() ? CForm.CODED : CForm.LIGHT;
    for (CForm form : List.of(CForm.PACKED, coded)) {
      // Random weights enlarge what the order of sums rounds, of one in some thousand beyond 1e-5.
      check(network, form, random, 5 * TOLERANCE);
    }
  }

  @ParameterizedTest
  @EnumSource(NamedArchitecture.Name.class)
  void namedArchitectures(NamedArchitecture.Name name) throws IOException {
    assumeTrue(Compiler.exists("gcc"), "there is no gcc to compile C with");
    SplittableRandom random = RandomSeed.random(name.toString());
    Architecture architecture =
        NamedArchitecture.of(name).resolve(new InputShape(1, 28, 28, 255), 10);
    // Large recurrent weights make of a last bit whatever they like: what they had at first, there.
    CompressedNetwork network =
        name == NamedArchitecture.Name.LSTM
            ? floats(Initialization.random(architecture, random.nextLong()))
            : SampleNetworks.mixed(architecture, random);
    check(network, CForm.PACKED, random, WHOLE_NETWORK);
  }

  static Set<String> imported() {
    return OnnxFiles.SUPPORTED.keySet();
  }

  @ParameterizedTest
  @MethodSource
  void imported(String name) throws IOException {
    assumeTrue(Compiler.exists("gcc"), "there is no gcc to compile C with");
    InputShape input = OnnxFiles.SUPPORTED.get(name);
    float[] examples = OnnxFiles.floats(name + ".inputs");
    Network network = OnnxFile.read(OnnxFiles.model(name), input, examples).network();
    check(floats(network), CForm.PACKED, RandomSeed.random(name));
  }

  private static CompressedNetwork floats(Network network) {
    return CompressedNetwork.of(
        network,
        tensor ->
            new FloatTensor(
                tensor.rows(),
                tensor.columns(),
                Arrays.copyOfRange(network.parameters(), tensor.offset(), tensor.end())));
  }

  @Test
  void layersThatCHasNothingLikeAreNamed() {
    Parameter weights = new Parameter("W", Role.WEIGHT, 2, 3);
    Architecture architecture =
        new Architecture(
            new InputShape(3, 1, 1, 1),
            List.of(
                new Dense(3, Activation.RELU),
                new Dl4jLayer("{}", new Shape(2, 1, 1), List.of(weights))));
    assertThatThrownBy(() -> CExport.of(zeros(architecture, 0), CForm.PACKED, "x", Map.of()))
        .isInstanceOf(ExportException.class)
        .hasMessage("layer 1 is a DL4J layer, which cannot be exported to C");
  }

  @Test
  void numbersThatAreNotFiniteAreNamed() {
    Architecture architecture =
        new Architecture(new InputShape(3, 1, 1, 1), List.of(new Dense(2, Activation.SOFTMAX)));
    CompressedNetwork network = zeros(architecture, Float.NaN);
    assertThatThrownBy(() -> CExport.of(network, CForm.PACKED, "x", Map.of()))
        .isInstanceOf(ExportException.class)
        .hasMessageContaining("NaN: only finite numbers can be exported to C");
  }

  /** A network whose first parameter is a number, and all others are zero. */
  private static CompressedNetwork zeros(Architecture architecture, float first) {
    float[] parameters = new float[architecture.parameters()];
    parameters[0] = first;
    return CompressedNetwork.of(
        new Network(architecture, parameters),
        tensor ->
            new FloatTensor(
                tensor.rows(),
                tensor.columns(),
                Arrays.copyOfRange(parameters, tensor.offset(), tensor.end())));
  }

  private void check(CompressedNetwork network, CForm form, SplittableRandom random)
      throws IOException {
    check(network, form, random, TOLERANCE);
  }

  private void check(
      CompressedNetwork network, CForm form, SplittableRandom random, float tolerance)
      throws IOException {
    CSource source = CExport.of(network, form, "network", Map.of());
    Path program =
        Compiler.build(
            source,
            folder,
            "gcc",
            List.of("-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"));
    Predictor predictor = Predictor.open(SampleNetworks.bytes(network));
    float[] features = features(network.architecture(), random);
    float[] values = Compiler.outputs(program, features);

    int outputs = predictor.outputs();
    int each = 1 + 2 * outputs;
    assertThat(values).hasSize(EXAMPLES * each);
    for (int i = 0; i < EXAMPLES; i++) {
      int size = features.length / EXAMPLES;
      Prediction expected =
          predictor.predict(Arrays.copyOfRange(features, i * size, (i + 1) * size));
      float[] found = Arrays.copyOfRange(values, i * each, (i + 1) * each);
      checkClose(Arrays.copyOfRange(found, 1, 1 + outputs), expected.outputs(), tolerance);
      checkClose(Arrays.copyOfRange(found, 1 + outputs, each), expected.logits(), tolerance);
      // Of outputs that are almost equal either may be the largest.
      assertThat(expected.logits()[(int) found[0]])
          .isCloseTo(expected.logits()[expected.label()], within(tolerance * 10));
    }
  }

  private static void checkClose(float[] found, float[] expected, float tolerance) {
    float largest = 1;
    for (float output : expected) {
      largest = Math.max(largest, Math.abs(output));
    }
    assertThat(found).containsExactly(expected, within(tolerance * largest));
  }

  private static float[] features(Architecture architecture, SplittableRandom random) {
    int size = architecture.input().size();
    float[] features = new float[EXAMPLES * size];
    for (int i = 0; i < EXAMPLES; i++) {
      double[] example = OperatorSamples.input(architecture, random.doubles(size, -1, 1).toArray());
      for (int k = 0; k < size; k++) {
        features[i * size + k] = (float) example[k];
      }
    }
    return features;
  }
}
