package dev.pare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.Measurement;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.report.FrontierRow;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps whose students have other activations, or fewer heads and layers, than their teacher. */
class StructureSweepTest {
  private static SparkSession spark;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    spark = LocalSpark.open(2);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  /** What was measured, by the candidates' names. */
  private Map<String, Measurement> sweep(String name, String teacher, String... overrides) {
    SweepSpec spec =
        SmallSweep.withTeacher(
            "teacher { batch = 64, learning-rate = 0.005, epochs = 2, " + teacher + " }",
            folder.resolve(name),
            overrides);
    Map<String, Measurement> measured = new TreeMap<>();
    Sweep.run(spark, spec)
        .outcomes()
        .forEach(
            (candidate, outcome) -> {
              assertThat(outcome).as(candidate.label()).isInstanceOf(Outcome.Measured.class);
              measured.put(candidate.label(), ((Outcome.Measured) outcome).measurement());
            });
    return measured;
  }

  @Test
  void activationsOfEveryKindAreSweptAndSayLess() throws IOException {
    String[] settings = {
      "space={ activation = [none, threshold, top-k, binary], sparsity = [0.8], bits = [4] }",
      "student.activation.epochs=2"
    };
    Map<String, Measurement> measured =
        sweep("one/mlp", "architecture = mlp, widths = [32, 24]", settings);
    Measurement plain = measured.get("activation=none bits=4 sparsity=0.8");
    for (String kind : new String[] {"threshold", "top-k", "binary"}) {
      Measurement sparse = measured.get("activation=" + kind + " bits=4 sparsity=0.8");
      assertThat(sparse.operations().activationDensity())
          .as(kind)
          .isLessThan(plain.operations().activationDensity());
      assertThat(sparse.operations().effectiveMultiplyAdds())
          .isLessThan(sparse.operations().multiplyAdds());
      assertThat(sparse.operations().originalMultiplyAdds())
          .isEqualTo(784 * 32 + 32 * 24 + 24 * 10);
      assertThat(sparse.validation().accuracy())
          .as(kind)
          .isGreaterThan(plain.validation().accuracy() - 0.2);
    }
    assertThat(
            measured.get("activation=top-k bits=4 sparsity=0.8").operations().activationDensity())
        .isLessThanOrEqualTo(11.0 / 56);
    for (Row row :
        SweepTables.ledger(spark, folder.resolve("one/mlp").toString()).collectAsList()) {
      Measurement told = measured.get(row.<String>getAs("candidate"));
      assertThat((double) row.getAs("activation_density"))
          .isEqualTo(told.operations().activationDensity());
      assertThat((long) row.getAs("multiply_adds")).isEqualTo(told.operations().multiplyAdds());
      assertThat((long) row.getAs("effective_multiply_adds"))
          .isEqualTo(told.operations().effectiveMultiplyAdds());
    }

    sweep("two/mlp", "architecture = mlp, widths = [32, 24]", settings);
    assertThat(SmallSweep.bytes(folder.resolve("two/mlp")))
        .isEqualTo(SmallSweep.bytes(folder.resolve("one/mlp")));
  }

  /** Files without units take more bytes than files without weights, and less work. */
  @Test
  void aThirdObjectiveKeepsWhatComputesLess() {
    String space = "space={ granularity = [weight, unit], sparsity = [0.5, 0.9], bits = [4] }";
    String teacher =
        "teacher { batch = 64, learning-rate = 0.005, epochs = 2, architecture = mlp, widths = [32, 24] }";
    Sweep.Result two =
        Sweep.run(spark, SmallSweep.withTeacher(teacher, folder.resolve("two"), space));
    Sweep.Result three =
        Sweep.run(
            spark,
            SmallSweep.withTeacher(
                teacher,
                folder.resolve("three"),
                space,
                "sweep.third-objective=multiply-adds",
                "sweep.store=file://" + folder.resolve("two/store")));

    List<StageKey> kept = three.frontier().rows().stream().map(FrontierRow::key).toList();
    assertThat(kept).containsAll(two.frontier().rows().stream().map(FrontierRow::key).toList());
    List<Measurement> all = new ArrayList<>();
    three.outcomes().values().forEach(o -> all.add(((Outcome.Measured) o).measurement()));
    assertThat(all).hasSize(4);
    three
        .outcomes()
        .forEach(
            (candidate, outcome) ->
                assertThat(kept.contains(outcome.key()))
                    .as(candidate.label())
                    .isEqualTo(
                        all.stream()
                            .noneMatch(
                                other ->
                                    beats(other, ((Outcome.Measured) outcome).measurement()))));
    long least = all.stream().mapToLong(m -> m.operations().multiplyAdds()).min().orElseThrow();
    assertThat(three.frontier().rows())
        .anyMatch(row -> row.summary().operations().multiplyAdds() == least);
  }

  /** No candidate is like another in all three here. */
  private static boolean beats(Measurement a, Measurement b) {
    return a != b
        && a.size().totalBytes() <= b.size().totalBytes()
        && a.validation().accuracy() >= b.validation().accuracy()
        && a.operations().multiplyAdds() <= b.operations().multiplyAdds();
  }

  @Test
  void layersOfAResidualNetworkGoWithAnyActivation() {
    Map<String, Measurement> measured =
        sweep(
            "resnet",
            "architecture = resnet, widths = [4, 6], blocks = 2",
            "space={ activation = [none, top-k], sparsity = [0, 0.7], bits = [4] }",
            "student.prune.granularity=layer",
            "student.prune.schedule=one-shot",
            "student.activation.epochs=1");
    assertThat(measured).hasSize(4);
    for (String kind : new String[] {"none", "top-k"}) {
      Measurement whole = measured.get("activation=" + kind + " bits=4 sparsity=0");
      Measurement smaller = measured.get("activation=" + kind + " bits=4 sparsity=0.7");
      // Two of the three blocks that leave the image as large as it is.
      assertThat(smaller.operations().multiplyAdds())
          .isLessThan(whole.operations().multiplyAdds() * 6 / 10);
      assertThat(smaller.size().totalBytes()).isLessThan(whole.size().totalBytes());
      assertThat(smaller.parameters()).isEqualTo(whole.parameters());
    }
  }

  @Test
  void headsAndLayersOfATransformerGo() {
    Map<String, Measurement> measured =
        sweep(
            "attention",
            "architecture = attention, widths = [16, 24], blocks = 2, heads = 4",
            "space={ sparsity = [0], bits = [4] }",
            "points=[{ granularity = head, sparsity = 0.5 },"
                + " { granularity = head, sparsity = 0.5, schedule = one-shot, saliency = gradient },"
                + " { granularity = layer, sparsity = 0.5, schedule = one-shot }]");
    long whole = measured.get("bits=4 sparsity=0").operations().multiplyAdds();
    assertThat(whole)
        .isEqualTo(measured.get("bits=4 sparsity=0").operations().originalMultiplyAdds());
    // In each of two blocks four matrices at each of 16 places, and two products of all with all.
    long attention = 2 * (16 * 4 * 16 * 16 + 2 * 16 * 16 * 16);
    assertThat(measured.get("granularity=head sparsity=0.5").operations().multiplyAdds())
        .isEqualTo(whole - attention / 2);
    assertThat(
            measured
                .get("granularity=head saliency=gradient schedule=one-shot sparsity=0.5")
                .operations()
                .multiplyAdds())
        .isEqualTo(whole - attention / 2);
    assertThat(
            measured
                .get("granularity=layer schedule=one-shot sparsity=0.5")
                .operations()
                .multiplyAdds())
        .isLessThan(whole * 7 / 10);
    measured.forEach(
        (name, measurement) ->
            assertThat(measurement.validation().accuracy()).as(name).isGreaterThan(0.5));
  }
}
