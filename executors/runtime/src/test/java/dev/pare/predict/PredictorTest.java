package dev.pare.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pare.artifact.ArtifactWriter;
import dev.pare.artifact.CompressedNetwork;
import dev.pare.artifact.FloatTensor;
import dev.pare.artifact.MalformedArtifactException;
import dev.pare.graph.Activation;
import dev.pare.graph.Architecture;
import dev.pare.graph.Dense;
import dev.pare.graph.Dl4jLayer;
import dev.pare.graph.InputShape;
import dev.pare.graph.Shape;
import dev.pare.prepare.Column;
import dev.pare.prepare.Preparation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictorTest {
  private static final Preparation TABLE =
      new Preparation(
          List.of(
              new Column.Numeric("age", 30, 40, 10),
              new Column.Numeric("height", Float.NaN, 0, 1),
              new Column.Categorical("town", List.of("Bonn", "Rome"), Column.Others.REFUSED)),
          List.of("no", "yes"));

  private static final Preparation NUMBERS =
      new Preparation(TABLE.columns().subList(0, 2), List.of());

  @TempDir private Path folder;

  /** Logits (age − 40) / 10 and height + 2 for Rome. */
  private static byte[] table(Activation activation) throws IOException {
    return file(4, activation, TABLE, 1, 0, 0, 0, 0, 1, 0, 2);
  }

  private static byte[] file(
      int features, Activation activation, Preparation preparation, float... weights)
      throws IOException {
    int units = weights.length / features;
    CompressedNetwork network =
        new CompressedNetwork(
                new Architecture(
                    new InputShape(features, 1, 1, 1), List.of(new Dense(units, activation))),
                List.of(
                    new FloatTensor(units, features, weights),
                    new FloatTensor(1, units, new float[units])))
            .withPreparation(preparation);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new ArtifactWriter().write(network, out);
    return out.toByteArray();
  }

  @Test
  void rawRowsBecomeClassesWithTheirNames() throws IOException {
    Predictor predictor = Predictor.open(table(Activation.SOFTMAX));
    Prediction prediction = predictor.predict(List.of("60", "-1.5", "Rome"));
    assertThat(prediction.logits()).containsExactly(2, 0.5f);
    assertThat(prediction.label()).isZero();
    assertThat(prediction.className()).isEqualTo("no");
    // 1 / (1 + e^-1.5), by hand.
    assertThat(prediction.outputs()[0]).isCloseTo(0.8175745f, within(1e-6f));
    assertThat(prediction.outputs()[1]).isCloseTo(0.1824255f, within(1e-6f));

    // 30 for a missing age.
    Prediction other =
        predictor.predict(Map.of("town", "Bonn", "height", "2", "age", "NA", "more", "x"));
    assertThat(other.logits()).containsExactly(-1, 2);
    assertThat(other.className()).isEqualTo("yes");
    assertThat(
            predictor.predictAllTexts(
                List.of(List.of("60", "-1.5", "Rome"), List.of("NA", "2", "Bonn"))))
        .extracting(Prediction::className)
        .containsExactly("no", "yes");
    assertThat(predictor.predictAllTexts(List.of())).isEmpty();
    assertThat(predictor.inputs()).isEqualTo(3);
    assertThat(predictor.outputs()).isEqualTo(2);
  }

  @Test
  void valuesThatCannotBeUsedAreNamed() throws IOException {
    Predictor predictor = Predictor.open(table(Activation.SOFTMAX));
    assertInvalid("2 values for 3 columns", () -> predictor.predict(List.of("1", "2")));
    assertInvalid(
        "2 values for 3 columns",
        () -> predictor.predictAllTexts(List.of(List.of("1", "2"))).get(0));
    assertInvalid(
        "column height: \"tall\" is not a finite number",
        () -> predictor.predict(List.of("1", "tall", "Rome")));
    assertInvalid(
        "column height: the value is missing", () -> predictor.predict(List.of("1", "", "Rome")));
    assertInvalid(
        "column town: \"Oslo\" is no category of the training data",
        () -> predictor.predict(List.of("1", "2", "Oslo")));
    assertInvalid("column age is not there", () -> predictor.predict(Map.of("town", "Rome")));
    assertInvalid("column town is of texts, not of numbers", () -> predictor.predict(new float[3]));

    Predictor numbers = Predictor.open(file(2, Activation.IDENTITY, NUMBERS, 1, 1));
    assertThat(numbers.predict(new float[] {Float.NaN, 3}).outputs()).containsExactly(2);
    assertInvalid("1 values for 2 columns", () -> numbers.predict(new float[1]));
    assertInvalid(
        "column height: the value is missing", () -> numbers.predict(new float[] {1, Float.NaN}));
    assertInvalid(
        "column age: Infinity is not a finite number",
        () -> numbers.predict(new float[] {Float.POSITIVE_INFINITY, 1}));

    Predictor plain = Predictor.open(file(2, Activation.IDENTITY, Preparation.NONE, 1, 1));
    assertInvalid("3 features: the network reads 2", () -> plain.predict(new float[3]));
    assertInvalid(
        "feature 1 = NaN: must be finite", () -> plain.predict(new float[] {0, Float.NaN}));
    assertInvalid(
        "feature 0: \"x\" is not a finite number", () -> plain.predict(List.of("x", "1")));
  }

  private static void assertInvalid(String message, Callable<Prediction> prediction) {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(prediction::call)
        .withMessage(message);
  }

  @Test
  void numbersOfANetworkWithoutSoftmaxAreAsTheyAre() throws IOException {
    Predictor predictor = Predictor.open(file(2, Activation.IDENTITY, Preparation.NONE, 1, -3));
    List<Prediction> predictions =
        predictor.predictAll(List.of(new float[] {1, 1}, new float[] {5, 0}));
    assertThat(predictions.get(0).outputs()).containsExactly(-2);
    assertThat(predictions.get(1).outputs()).containsExactly(5);
    assertThat(predictor.predict(List.of("1", " 2 ")).outputs()).containsExactly(-5);
    // The first of equals, and its number for a name.
    Predictor equal = Predictor.open(file(1, Activation.SOFTMAX, Preparation.NONE, 0, 1, 1));
    assertThat(equal.predict(new float[] {3}).label()).isEqualTo(1);
    assertThat(equal.predict(new float[] {3}).className()).isEqualTo("1");
  }

  @Test
  void aFileIsOpenedFromAPathAndAStream() throws IOException {
    byte[] bytes = table(Activation.SOFTMAX);
    Path file = Files.write(folder.resolve("table.pare"), bytes);
    List<String> row = List.of("1", "2", "Rome");
    float[] expected = Predictor.open(bytes).predict(row).logits();
    assertThat(Predictor.open(file).predict(row).logits()).isEqualTo(expected);
    assertThat(Predictor.open(new ByteArrayInputStream(bytes)).predict(row).logits())
        .isEqualTo(expected);
    // What was opened does not depend on the bytes any more.
    Predictor predictor = Predictor.open(bytes);
    Arrays.fill(bytes, (byte) 0);
    assertThat(predictor.predict(row).logits()).isEqualTo(expected);
  }

  @Test
  void theProgramOfTheDocumentationNeedsNothingElse() throws Exception {
    Path file =
        Files.write(
            folder.resolve("any.pare"), file(2, Activation.SOFTMAX, Preparation.NONE, 1, 2));
    String page =
        Files.readString(Path.of(System.getProperty("pare.root")).resolve("docs/export.md"));
    int from = page.indexOf("    import dev.pare.predict.*;");
    String end = "\n    }\n";
    String text = page.substring(from, page.indexOf(end, from) + end.length());
    Path program = Files.writeString(folder.resolve("Digits.java"), text);
    String classes =
        Path.of(Predictor.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .toString();
    assertThat(
            ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(System.out, System.err, "-cp", classes, program.toString()))
        .isZero();

    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--limit-modules=java.base",
                "-cp",
                classes + File.pathSeparator + folder,
                "Digits",
                file.toString())
            .redirectErrorStream(true)
            .start();

    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualToIgnoringNewLines("0 1.0");
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void damagedFilesAreTold() throws IOException {
    byte[] file = table(Activation.SOFTMAX);
    for (int i = 0; i < file.length; i++) {
      byte[] damaged = file.clone();
      damaged[i] ^= 1;
      assertThatThrownBy(() -> Predictor.open(damaged))
          .isInstanceOf(MalformedArtifactException.class);
      byte[] cut = Arrays.copyOf(file, i);
      assertThatThrownBy(() -> Predictor.open(new ByteArrayInputStream(cut)))
          .isInstanceOf(MalformedArtifactException.class);
    }
  }

  @Test
  void threadsShareAPredictor() throws Exception {
    Predictor predictor = Predictor.open(file(2, Activation.TANH, Preparation.NONE, 1, 2, 3, 4));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Boolean>> all = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        float x = 0.1f * t;
        float[] expected = predictor.predict(new float[] {x, 1 - x}).logits();
        all.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 20_000; i++) {
                    float[] logits = predictor.predict(new float[] {x, 1 - x}).logits();
                    if (!Arrays.equals(logits, expected)) {
                      return false;
                    }
                  }
                  return true;
                }));
      }
      for (Future<Boolean> each : all) {
        assertThat(each.get()).isTrue();
      }
    } finally {
      threads.shutdown();
    }
  }

  /** The check that such layers are what they say is where DL4J is. */
  @Test
  void aLayerThatOnlyDl4jRunsIsRefusedByItsIndex() throws IOException {
    Architecture architecture =
        new Architecture(
            new InputShape(3, 1, 1, 1),
            List.of(
                new Dense(2, Activation.RELU), new Dl4jLayer("{}", new Shape(2, 1, 1), List.of())));
    CompressedNetwork network =
        new CompressedNetwork(
            architecture,
            List.of(new FloatTensor(2, 3, new float[6]), new FloatTensor(1, 2, new float[2])));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new ArtifactWriter().write(network, out);

    assertThatExceptionOfType(UnsupportedLayerException.class)
        .isThrownBy(() -> Predictor.open(out.toByteArray()))
        .withMessageContaining("layer 1: a ")
        .withMessageContaining("runs in DL4J alone");
  }
}
