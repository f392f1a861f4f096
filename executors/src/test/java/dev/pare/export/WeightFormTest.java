package dev.pare.export;

import static dev.pare.export.OnnxExportTest.EXAMPLES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.artifact.CodebookTensor;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.CompressedTensor;
import dev.pare.artifact.FloatTensor;
import dev.pare.artifact.UniformTensor;
import dev.pare.codec.LevelMatrix;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Convolution;
import dev.pare.graph.Dense;
import dev.pare.graph.Factored;
import dev.pare.graph.InputShape;
import dev.pare.graph.Lstm;
import dev.pare.graph.ParameterTensor;
import dev.pare.graph.SelfAttention;
import dev.pare.onnx.OnnxFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Weights in few bits are those of the network that the model says it is. */
class WeightFormTest {
  /** Large enough for every form to be smaller. */
  private static Architecture dense() {
    return new Architecture(
        new InputShape(64, 1, 1, 1),
        List.of(new Dense(32, Activation.RELU), new Dense(16, Activation.SOFTMAX)));
  }

  /** Whose rows change places. */
  private static Architecture sequence() {
    return new Architecture(
        new InputShape(1, 4, 24, 1),
        List.of(
            new Lstm(16, Lstm.Steps.ALL),
            new Factored(
                new Lstm(16, Lstm.Steps.LAST), List.of(8, 0), Factored.SparseResidual.PRESENT),
            new Dense(16, Activation.SOFTMAX)));
  }

  private static Architecture attention() {
    return new Architecture(
        new InputShape(1, 8, 8, 1),
        List.of(
            new Convolution(32, 4, 4, Activation.IDENTITY),
            new SelfAttention(4),
            new Dense(4, Activation.SOFTMAX)));
  }

  static Stream<Arguments> forms() {
    return Stream.of(WeightForm.values())
        .flatMap(
            form ->
                Stream.of(dense(), sequence(), attention())
                    .map(architecture -> Arguments.of(form, architecture)));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void modelsAreTheNetworksTheySay(WeightForm form, Architecture architecture) {
    for (CompressedNetwork network :
        List.of(
            network(architecture, WeightFormTest::codebook),
            network(architecture, WeightFormTest::uniform),
            network(architecture, WeightFormTest::powers),
            OnnxExportTest.random(architecture))) {
      checkSame(OnnxExport.of(network, form, Map.of()));
    }
  }

  private static void checkSame(ExportedModel model) {
    float[] features = OnnxExportTest.features(model.written().architecture());
    try (ModelRun run = new ModelRun(model, List.of(model.logits()))) {
      OnnxExportTest.checkClose(
          run.values(features, EXAMPLES).get(model.logits()),
          OnnxExportTest.logits(model.written(), features));
    }
  }

  @Test
  void codebooksRoundNothing() {
    for (Architecture architecture : List.of(dense(), sequence(), attention())) {
      CompressedNetwork network = network(architecture, WeightFormTest::codebook);
      ExportedModel model = OnnxExport.of(network, WeightForm.CODEBOOK, Map.of());
      assertThat(model.rounding()).isZero();
      assertThat(model.written().parameters()).containsExactly(network.toNetwork().parameters());
      assertThat(model.bytes().length).isLessThan(bytes(network, WeightForm.FLOAT) / 2);
    }
  }

  /** What is on a grid already stays there. */
  @Test
  void wholeNumbersOfTheFileAreKept() {
    List<BiFunction<ParameterTensor, SplittableRandom, CompressedTensor>> kinds =
        List.of(WeightFormTest::uniform, WeightFormTest::powers);
    for (BiFunction<ParameterTensor, SplittableRandom, CompressedTensor> kind : kinds) {
      CompressedNetwork network = network(sequence(), kind);
      ExportedModel model = OnnxExport.of(network, WeightForm.INT8, Map.of());
      assertThat(model.written().parameters()).containsExactly(network.toNetwork().parameters());
      assertThat(model.rounding()).isZero();
    }
  }

  /** Half a step of the largest weight's 127th at most, and an eleventh bit of each weight. */
  @Test
  void floatsAreRoundedToTheNearest() {
    CompressedNetwork network = OnnxExportTest.random(dense());
    float[] weights = network.toNetwork().parameters();
    ExportedModel whole = OnnxExport.of(network, WeightForm.INT8, Map.of());
    ExportedModel half = OnnxExport.of(network, WeightForm.FLOAT16, Map.of());
    for (ParameterTensor tensor : network.architecture().tensors()) {
      for (int row = 0; tensor.isWeight() && row < tensor.rows(); row++) {
        int from = tensor.offset() + row * tensor.columns();
        float most = 0;
        for (int i = from; i < from + tensor.columns(); i++) {
          most = Math.max(most, Math.abs(weights[i]));
        }
        for (int i = from; i < from + tensor.columns(); i++) {
          assertThat((double) whole.written().parameters()[i])
              .isCloseTo(weights[i], within(most / 127 * 0.5001));
          assertThat((double) half.written().parameters()[i])
              .isCloseTo(weights[i], within(Math.abs(weights[i]) * 0x1p-11 + 0x1p-25));
        }
      }
    }
    assertThat(whole.rounding()).isBetween(1e-4, 1e-2);
    assertThat(half.rounding()).isBetween(1e-5, 1e-3);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "INT8", "CODEBOOK"})
  void tensorsStayFloatsWhereThatIsSmaller(WeightForm form) {
    Architecture small =
        new Architecture(new InputShape(3, 1, 1, 1), List.of(new Dense(2, Activation.SOFTMAX)));
    CompressedNetwork network = OnnxExportTest.random(small);
    assertThat(OnnxExport.of(network, form, Map.of()).bytes())
        .isEqualTo(OnnxExport.of(network, WeightForm.FLOAT, Map.of()).bytes());
  }

  /** What a model holds otherwise than as floats is what the import reads. */
  @ParameterizedTest
  @EnumSource
  void modelsOfEveryFormAreReadAgain(WeightForm form) {
    Architecture images =
        new Architecture(
            new InputShape(2, 9, 8, 1),
            List.of(
                new Convolution(8, 3, 1, Activation.RELU),
                new Convolution(6, 3, 2, Activation.TANH),
                new Dense(40, Activation.RELU),
                new Dense(5, Activation.SOFTMAX)));
    ExportedModel model = OnnxExport.of(network(images, WeightFormTest::codebook), form, Map.of());
    float[] features = OnnxExportTest.features(images);
    OnnxExportTest.checkClose(
        OnnxExportTest.logits(
            OnnxFile.read(model.bytes(), images.input(), features).network(), features),
        OnnxExportTest.logits(model.written(), features));
  }

  /** Halves end at 65504. */
  @Test
  void weightsBeyondHalvesStayFloats() {
    CompressedNetwork network =
        network(
            dense(),
            (place, random) -> {
              float[] values = new float[place.size()];
              Arrays.fill(values, 70000);
              return new FloatTensor(place.rows(), place.columns(), values);
            });
    ExportedModel model = OnnxExport.of(network, WeightForm.FLOAT16, Map.of());
    assertThat(model.rounding()).isZero();
    checkSame(model);
  }

  @Test
  void smallerFormsMakeSmallerFiles() {
    CompressedNetwork network = network(dense(), WeightFormTest::codebook);
    int floats = bytes(network, WeightForm.FLOAT);
    assertThat(bytes(network, WeightForm.FLOAT16)).isLessThan(floats * 6 / 10);
    assertThat(bytes(network, WeightForm.INT8)).isLessThan(floats * 4 / 10);
    assertThat(bytes(network, WeightForm.CODEBOOK)).isLessThan(bytes(network, WeightForm.INT8));
  }

  private static int bytes(CompressedNetwork network, WeightForm form) {
    return OnnxExport.of(network, form, Map.of()).bytes().length;
  }

  private static CompressedNetwork network(
      Architecture architecture,
      BiFunction<ParameterTensor, SplittableRandom, CompressedTensor> weights) {
    SplittableRandom random = new SplittableRandom(3);
    CompressedNetwork floats = OnnxExportTest.random(architecture);
    List<CompressedTensor> tensors = new ArrayList<>(floats.tensors());
    for (int i = 0; i < tensors.size(); i++) {
      ParameterTensor place = architecture.tensors().get(i);
      if (place.isWeight()) {
        tensors.set(i, weights.apply(place, random));
      }
    }
    return floats.withTensors(tensors);
  }

  /** Nine of ten are zero, the others one of three. */
  private static CompressedTensor codebook(ParameterTensor place, SplittableRandom random) {
    float[] centroids = {-0.31f, 0.17f, 0.4f};
    float[] values = new float[place.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(10) == 0 ? centroids[random.nextInt(3)] : 0;
    }
    return CodebookTensor.of(place.rows(), place.columns(), values);
  }

  /** Without a level of one. */
  private static CompressedTensor uniform(ParameterTensor place, SplittableRandom random) {
    return new UniformTensor(levels(place, random, -100, 100), scales(place, random));
  }

  private static float[] scales(ParameterTensor place, SplittableRandom random) {
    float[] scales = new float[place.rows()];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = (float) (0.001 + 0.01 * random.nextDouble());
    }
    return scales;
  }

  private static LevelMatrix levels(
      ParameterTensor place, SplittableRandom random, int least, int most) {
    short[] levels = new short[place.size()];
    for (int i = 0; i < levels.length; i++) {
      int level = random.nextInt(least, most + 1);
      levels[i] = (short) (Math.abs(level) == 1 ? 0 : level);
    }
    return new LevelMatrix(place.rows(), place.columns(), levels);
  }

  private static CompressedTensor powers(ParameterTensor place, SplittableRandom random) {
    float[] values = new float[place.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(3) == 0 ? 0 : Math.scalb(1f, -8 + random.nextInt(7));
    }
    return CodebookTensor.of(place.rows(), place.columns(), values);
  }
}
