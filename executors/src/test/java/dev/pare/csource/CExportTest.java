package dev.pare.csource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.FloatTensor;
import dev.pare.artifact.SampleNetworks;
import dev.pare.codec.RandomSeed;
import dev.pare.graph.Architecture;
import dev.pare.graph.Layer;
import dev.pare.graph.OperatorSamples;
import dev.pare.graph.Parameter.Role;
import dev.pare.predict.Prediction;
import dev.pare.predict.Predictor;
import dev.pare.train.EngineTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks compute in C what they compute in Java. */
class CExportTest {
  private static final int EXAMPLES = 3;
  private static final float TOLERANCE = 1e-5f;

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
    CompressedNetwork network = positive(SampleNetworks.mixed(architecture, random));
    for (CForm form : CForm.values()) {
      check(network, form, random);
    }
  }

  private void check(CompressedNetwork network, CForm form, SplittableRandom random)
      throws IOException {
    CSource source = CExport.of(network, form, "network", Map.of());
    Path program =
        Compiler.build(
            source,
            folder,
            "gcc",
            List.of("-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"));
    if (Compiler.exists("clang")) {
      Compiler.build(source, folder, "clang", List.of("-fsyntax-only"));
    }
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
      checkClose(Arrays.copyOfRange(found, 1, 1 + outputs), expected.outputs());
      checkClose(Arrays.copyOfRange(found, 1 + outputs, each), expected.logits());
      // Of outputs that are almost equal either may be the largest.
      assertThat(expected.logits()[(int) found[0]])
          .isCloseTo(expected.logits()[expected.label()], within(TOLERANCE * 10));
    }
  }

  private static void checkClose(float[] found, float[] expected) {
    float largest = 1;
    for (float output : expected) {
      largest = Math.max(largest, Math.abs(output));
    }
    assertThat(found).containsExactly(expected, within(TOLERANCE * largest));
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

  /** With variances that are none below zero. */
  private static CompressedNetwork positive(CompressedNetwork network) {
    List<CompressedTensor> tensors = new ArrayList<>(network.tensors());
    for (int i = 0; i < tensors.size(); i++) {
      if (network.architecture().tensors().get(i).role() == Role.VARIANCE) {
        float[] variances = tensors.get(i).toFloats();
        for (int c = 0; c < variances.length; c++) {
          variances[c] = Math.abs(variances[c]);
        }
        tensors.set(i, new FloatTensor(1, variances.length, variances));
      }
    }
    return network.withTensors(tensors);
  }
}
