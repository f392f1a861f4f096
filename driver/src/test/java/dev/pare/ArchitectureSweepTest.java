package dev.pare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pare.candidate.Measurement;
import dev.pare.candidate.Outcome;
import dev.pare.data.DataException;
import dev.pare.run.PlannedWorkload;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Students that begin with another network than the teacher, from the configuration to the page.
 */
class ArchitectureSweepTest {
  /** Of 784 inputs, 32 units and 10 classes. */
  private static final int TEACHER_PARAMETERS = 784 * 32 + 32 + 32 * 10 + 10;

  private static SparkSession spark;

  @TempDir private Path folder;

  @BeforeAll
  static void open() {
    spark = LocalSpark.open(2);
  }

  @AfterAll
  static void close() {
    spark.stop();
  }

  private SweepSpec spec(Path out, String... more) {
    List<String> settings =
        new ArrayList<>(List.of("student.start={ epochs = 2, learning-rate = 0.003 }"));
    settings.addAll(List.of(more));
    return SmallSweep.spec(out, settings.toArray(String[]::new));
  }

  private static Map<Map<String, String>, Measurement> measured(Sweep.Result result) {
    Map<Map<String, String>, Measurement> measured = new HashMap<>();
    result
        .outcomes()
        .forEach(
            (candidate, outcome) -> {
              assertThat(outcome).as("%s", candidate.label()).isInstanceOf(Outcome.Measured.class);
              measured.put(candidate.point(), ((Outcome.Measured) outcome).measurement());
            });
    return measured;
  }

  /** The product of each stage in a store, by the name of its folder or file. */
  private static long stages(Path out, String kind) throws IOException {
    long found = 0;
    try (Stream<Path> files = Files.walk(out.resolve("store"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
        found += Files.readString(file).contains("\"" + kind + "\"") ? 1 : 0;
      }
    }
    return found;
  }

  @Test
  void architecturesAreADimensionWhoseStudentsAreTrainedOnceEach() throws IOException {
    String[] settings = {
      "space={ architecture = [teacher, tiny], sparsity = [0.5, 0.8], bits = [2, 4] }",
      "architectures.tiny={ architecture = mlp, widths = [12] }"
    };
    Path out = folder.resolve("results");
    Sweep.Result result = Sweep.run(spark, spec(out, settings));

    Map<Map<String, String>, Measurement> measured = measured(result);
    assertThat(measured).hasSize(8);
    measured.forEach(
        (point, measurement) -> {
          boolean tiny = point.get("architecture").equals("tiny");
          // Against the teacher, whatever the student began with.
          assertThat(measurement.parameters()).isEqualTo(TEACHER_PARAMETERS);
          assertThat(measurement.layers().get(0).rows())
              .as("%s", point)
              .matches(rows -> tiny ? rows <= 12 : rows > 12);
          assertThat(measurement.nonzeroWeights())
              .isLessThanOrEqualTo(
                  (long) Math.ceil((1 - Double.parseDouble(point.get("sparsity"))) * 784 * 33));
          // Guessing gets a tenth right.
          assertThat(measurement.validation().accuracy()).as("%s", point).isGreaterThan(0.5);
        });
    for (double sparsity : List.of(0.5, 0.8)) {
      Map<String, String> wide =
          Map.of("architecture", "teacher", "sparsity", "" + sparsity, "bits", "4");
      Map<String, String> small = new HashMap<>(wide);
      small.put("architecture", "tiny");
      assertThat(bytes(measured, small)).isLessThan(bytes(measured, wide) * 3 / 4);
    }
    result
        .outcomes()
        .forEach(
            (candidate, outcome) ->
                assertThat(((Outcome.Measured) outcome).seconds().containsKey("start"))
                    .isEqualTo(candidate.point().get("architecture").equals("tiny")));
    List<Double> starts =
        result.outcomes().entrySet().stream()
            .filter(one -> one.getKey().point().get("architecture").equals("tiny"))
            .map(one -> ((Outcome.Measured) one.getValue()).seconds().get("start"))
            .distinct()
            .toList();
    // One training, whose time stands in all that share it.
    assertThat(starts).hasSize(1);
    assertThat(stages(out, "START")).isEqualTo(1);
    assertThat(Files.readString(out.resolve("frontier.csv"))).startsWith("architecture,");
    assertThat(Files.readString(out.resolve("report.html"))).contains("tiny");

    Path again = folder.resolve("again");
    Sweep.run(spark, spec(again, settings));
    assertThat(SmallSweep.bytes(again).entrySet())
        .filteredOn(file -> file.getKey().endsWith(".pare"))
        .containsExactlyElementsOf(
            SmallSweep.bytes(out).entrySet().stream()
                .filter(file -> file.getKey().endsWith(".pare"))
                .toList());
  }

  /** Of 784-16-10, from PyTorch. */
  private Path digits() throws IOException {
    Path model = folder.resolve("digits.onnx");
    try (InputStream in = OnnxSweepTest.class.getResourceAsStream("digits.onnx")) {
      Files.copy(in, model);
    }
    return model;
  }

  @Test
  void layersOfAFileBeginAtRandomOrWithItsWeightsAndWidthsNarrowThem() throws IOException {
    Path model = digits();
    Path out = folder.resolve("results");
    SweepSpec spec =
        spec(
            out,
            "space=null",
            "architectures={ drawn { model = \"%s\" }, own { model = \"%s\", weights = file } }"
                .formatted(model, model),
            "points=[{ architecture = drawn }, { architecture = own },"
                + " { architecture = drawn, width = 0.5 }, { width = 0.125 }, { width = 0.5 }]",
            "student={ epochs = 0, start.epochs = 0, prune.sparsity = 0, quantize.bits = 32 }",
            "student.epochs=1");
    Sweep.Result result = Sweep.run(spark, spec);

    Map<Map<String, String>, Measurement> measured = measured(result);
    Map<String, String> drawn = Map.of("architecture", "drawn");
    Map<String, String> own = Map.of("architecture", "own");
    assertThat(units(measured, drawn)).isEqualTo(16);
    assertThat(units(measured, own)).isEqualTo(16);
    assertThat(units(measured, Map.of("architecture", "drawn", "width", "0.5"))).isEqualTo(8);
    assertThat(units(measured, Map.of("width", "0.125"))).isEqualTo(4);
    // Half of the teacher's 32 units are the layers of the file.
    assertThat(measured).hasSize(4);
    // A trained network is ahead of one that has seen the examples once.
    assertThat(measured.get(own).validation().accuracy())
        .isGreaterThan(measured.get(drawn).validation().accuracy());
    assertThat(measured.get(own).byOrigin().with()).isNull();

    // What it begins with is one of the products that the sweep refers to.
    Sweep.Result again = Sweep.run(spark, spec);
    assertThat(again.frontier().rows()).isEqualTo(result.frontier().rows());
  }

  private static int units(
      Map<Map<String, String>, Measurement> measured, Map<String, String> point) {
    return measured.get(point).layers().get(0).rows();
  }

  @Test
  void searchesTryArchitecturesAsAnyOtherDimension() {
    Sweep.Result result =
        Sweep.run(
            spark,
            spec(
                folder.resolve("results"),
                "space={ architecture = [teacher, tiny, less], sparsity = [0.5, 0.9], bits = [2, 4] }",
                "architectures={ tiny { architecture = mlp, widths = [12] },"
                    + " less { architecture = mlp, widths = [] } }",
                "search={ strategy = motpe, candidates = 6, population = 4 }"));

    assertThat(measured(result)).hasSize(6);
    assertThat(measured(result).keySet().stream().map(point -> point.get("architecture")))
        .contains("tiny")
        .contains("teacher");
  }

  private String refusal(String... more) {
    SweepSpec spec = spec(folder.resolve("results"), more);
    DataException[] refused = new DataException[1];
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> PlannedWorkload.of(spec))
        .satisfies(e -> refused[0] = e);
    return refused[0].getMessage();
  }

  @Test
  void whatReadsOrSaysSomethingElseIsRefusedByNameWithBoth() throws IOException {
    Path letters = folder.resolve("letters.onnx");
    try (InputStream in = OnnxSweepTest.class.getResourceAsStream("networks/mlp.onnx")) {
      Files.copy(in, letters);
    }
    assertThat(refusal("space.architecture=[letters]", "architectures.letters.model=" + letters))
        .startsWith("architectures.letters.model = " + letters + ": ")
        .contains("16", "1×28×28");
    assertThat(
            refusal(
                "space.architecture=[gone]",
                "architectures.gone.model=" + folder.resolve("gone.onnx")))
        .isEqualTo("architectures.gone.model = " + folder.resolve("gone.onnx") + ": no such file");
    assertThat(
            refusal(
                "student.architecture=patches",
                "architectures.patches={ architecture = attention, patch = 5 }"))
        .startsWith("architectures.patches.architecture does not fit examples of ")
        .contains("28");
  }

  @Test
  void aWidthThatLeavesAllUnitsIsRefused() {
    assertThat(
            refusal(
                "space.width=[0.9, 0.5]",
                "space.architecture=[least]",
                "architectures.least={ architecture = mlp, widths = [1] }"))
        .isEqualTo(
            "width = 0.9: leaves architecture = least as it is, as it has too few hidden units that"
                + " can be left out");
  }

  private static long bytes(
      Map<Map<String, String>, Measurement> measured, Map<String, String> point) {
    return measured.get(point).size().totalBytes();
  }
}
