package dev.pare.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.SampleNetworks;
import dev.pare.codec.RandomSeed;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dl4jLayer;
import dev.pare.graph.OperatorSamples;
import dev.pare.layers.Batch;
import dev.pare.prepare.Preparation;
import dev.pare.train.Engine;
import dev.pare.train.EngineTest;
import dev.pare.train.Engines;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files predict what the engine that trained their networks does. */
class PredictorAgreementTest {
  static Stream<Architecture> architectures() {
    return EngineTest.architectures();
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void everyKindOfLayerHeldInEveryWay(Architecture architecture) {
    SplittableRandom random = RandomSeed.random(architecture.toString());
    for (int i = 0; i < 4; i++) {
      CompressedNetwork network = SampleNetworks.mixed(architecture, random);
      check(network, Predictor.open(SampleNetworks.bytes(network)), random);
    }
  }

  static Stream<Path> goldenFiles() throws IOException {
    try (Stream<Path> files =
        Files.list(
            Path.of(System.getProperty("pare.root"))
                .resolve("executors/src/test/resources/dev/pare/artifact"))) {
      return files.filter(file -> file.toString().endsWith(".pare")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("goldenFiles")
  void everyGoldenFile(Path file) throws IOException {
    CompressedNetwork network;
    try (InputStream in = Files.newInputStream(file)) {
      network = new ArtifactReader().read(in);
    }
    if (network.architecture().layers().stream().anyMatch(Dl4jLayer.class::isInstance)) {
      assertThatThrownBy(() -> Predictor.open(file))
          .isInstanceOf(UnsupportedLayerException.class)
          .hasMessageContaining("runs in DL4J alone");
      return;
    }
    assertThat(network.preparation()).isEqualTo(Preparation.NONE);
    check(network, Predictor.open(file), RandomSeed.random(file.getFileName().toString()));
  }

  private static float[] rounded(float[] parameters, SplittableRandom random) {
    float[] rounded = parameters.clone();
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] *= 1 + (random.nextInt(5) - 2) * 0x1p-23f;
    }
    return rounded;
  }

  private static void check(
      CompressedNetwork network, Predictor predictor, SplittableRandom random) {
    Architecture architecture = network.architecture();
    double[] numbers = random.doubles(architecture.input().size(), -1, 1).toArray();
    double[] values = OperatorSamples.input(architecture, numbers);
    float[] features = new float[values.length];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) values[i];
    }
    float[] parameters = network.toNetwork().parameters();
    float[] expected = new float[architecture.outputs()];
    float[] moved = new float[expected.length];
    float rounding = 0;
    try (Engine engine = Engines.of(architecture, 1)) {
      engine.forward(parameters, Batch.of(features, 1), expected);
      // What the last bits of parameters change: some networks enlarge any rounding.
      for (int trial = 0; trial < 4; trial++) {
        engine.forward(rounded(parameters, random), Batch.of(features, 1), moved);
        for (int i = 0; i < moved.length; i++) {
          rounding = Math.max(rounding, Math.abs(moved[i] - expected[i]));
        }
      }
    }

    Prediction prediction = predictor.predict(features);

    assertThat(predictor.predictAll(Collections.nCopies(9, features)))
        .extracting(Prediction::logits)
        .usingElementComparator(Arrays::compare)
        .containsOnly(prediction.logits());
    float largest = 1;
    for (float logit : expected) {
      largest = Math.max(largest, Math.abs(logit));
    }
    if (Float.isNaN(largest)) {
      // Of a golden file whose variances are any numbers.
      assertThat(prediction.logits()).containsExactly(expected);
      return;
    }
    float largestParameter = 0;
    for (float parameter : parameters) {
      largestParameter = Math.max(largestParameter, Math.abs(parameter));
    }
    for (int i = 0; i < expected.length; i++) {
      // The engine's tanh is exact to 5·10⁻⁷ of one, which later layers enlarge: where equal ones
      // are
      // subtracted, to as many times the weights, which powers of two make large.
      assertThat(prediction.logits()[i])
          .isCloseTo(
              expected[i], within(5e-4f * largest + 4 * rounding + 1e-6f * largestParameter));
    }
    if (architecture.output() == Activation.SOFTMAX) {
      double sum = 0;
      for (float probability : prediction.outputs()) {
        sum += probability;
      }
      assertThat(sum).isCloseTo(1, within(1e-5));
    }
    assertThat(prediction.toString()).isNotEmpty();
    assertThat(predictor.predictAll(List.of(features, features)))
        .allMatch(each -> Arrays.equals(each.logits(), prediction.logits()));
  }
}
