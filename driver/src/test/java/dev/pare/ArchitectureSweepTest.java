package dev.pare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.Measurement;
import dev.pare.candidate.Outcome;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
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

  private static long bytes(
      Map<Map<String, String>, Measurement> measured, Map<String, String> point) {
    return measured.get(point).size().totalBytes();
  }
}
