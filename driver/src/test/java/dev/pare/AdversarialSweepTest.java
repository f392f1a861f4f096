package dev.pare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Outcome;
import dev.pare.folder.SweepFolder;
import dev.pare.ledger.LedgerEntries;
import dev.pare.report.FrontierFiles;
import dev.pare.report.FrontierReport;
import dev.pare.report.FrontierRow;
import dev.pare.report.FrontierTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sweep over ways of adversarial training, quantized, with activations of 8 bits and masks. */
class AdversarialSweepTest {
  private static final String ALL = "space.adversarial=[none,pgd,trades]";

  @TempDir private Path folder;

  private static Map<String, Measurement> measured(Sweep.Result result) {
    Map<String, Measurement> measured = new TreeMap<>();
    for (Map.Entry<Candidate, Outcome> entry : result.outcomes().entrySet()) {
      assertThat(entry.getValue())
          .as("%s", entry.getKey().label())
          .isInstanceOf(Outcome.Measured.class);
      measured.put(entry.getKey().label(), ((Outcome.Measured) entry.getValue()).measurement());
    }
    return measured;
  }

  private Map<String, Measurement> sweep(int slots, String out, String... more) throws IOException {
    String[] overrides =
        Stream.concat(
                Stream.of(
                    "space.sparsity=[0.8]",
                    "space.bits=[4]",
                    "space.activation-bits=[32,8]",
                    "student.quantize.quantizer=uniform",
                    "student.adversarial.steps=1"),
                Arrays.stream(more))
            .toArray(String[]::new);
    try (SparkSession spark = LocalSpark.open(slots)) {
      return measured(Sweep.run(spark, SmallSweep.spec(folder.resolve(out), overrides)));
    }
  }

  @Test
  void everyWayComesToFilesThatAreTheSameWithOneSlotAndSeveral() throws IOException {
    Map<String, Measurement> one = sweep(1, "one/sweep", ALL, "student.adversarial.radius=0.05");
    Map<String, Measurement> several =
        sweep(2, "several/sweep", ALL, "student.adversarial.radius=0.05");

    assertThat(one).hasSize(6).isEqualTo(several);
    assertThat(one.values().stream().map(Measurement::sha256)).doesNotHaveDuplicates();
    assertThat(SmallSweep.bytes(folder.resolve("one/sweep")))
        .isEqualTo(SmallSweep.bytes(folder.resolve("several/sweep")));
    // Guesses are wrong in nine of ten.
    one.forEach((label, file) -> assertThat(file.score().value()).as(label).isLessThan(0.2));
  }

  @Test
  void theRobustErrorIsToldAndKeepsFilesThatHaveLessOfIt() throws IOException {
    Map<String, Measurement> attacked =
        sweep(
            2,
            "attacked/sweep",
            ALL,
            "student.adversarial.radius=0.05",
            "student.evaluate.robust-radius=0.05",
            "student.epochs=2",
            "sweep.third-objective=robust-error");

    assertThat(attacked).hasSize(6);
    Map<String, Integer> broken = new TreeMap<>();
    attacked.forEach(
        (label, file) -> {
          assertThat(file.robustness().radius()).isEqualTo(0.05);
          assertThat(file.robustness().examples()).isEqualTo(500);
          assertThat(file.robustness().error()).isGreaterThan(file.score().value());
          broken.merge(
              label.replaceAll(".*adversarial=(\\w+).*", "$1"),
              file.robustness().broken(),
              Integer::sum);
        });
    // Of a thousand, with either kind of activations.
    assertThat(broken.get("pgd")).isLessThan(broken.get("none") - 100);
    assertThat(broken.get("trades")).isLessThan(broken.get("none") - 100);

    Path out = folder.resolve("attacked/sweep");
    FrontierReport report =
        FrontierFiles.read(new SweepFolder("file://" + out, new Configuration()));
    assertThat(report.rows())
        .extracting(row -> row.summary().robustness())
        .doesNotContainNull()
        .isSubsetOf(attacked.values().stream().map(Measurement::robustness).toList());
    assertThat(report.rows()).hasSizeGreaterThan(1);
    // What is smallest of all that was tried was chosen among no others.
    assertThat(report.rows().get(0).selection().among()).isEqualTo(1);
    assertThat(report.rows()).extracting(FrontierRow::selection).doesNotContainNull();
    StringWriter table = new StringWriter();
    FrontierTable.of(report).print(new PrintWriter(table));
    assertThat(table.toString()).contains("after choice %", "robust error %");
    try (SparkSession spark = LocalSpark.open(1)) {
      assertThat(
              LedgerEntries.read(spark, out.resolve("ledger").toString()).stream()
                  .map(e -> ((Outcome.Measured) e.outcome()).measurement().robustness()))
          .containsExactlyInAnyOrderElementsOf(
              attacked.values().stream().map(Measurement::robustness).toList());
    }
  }

  @Test
  void candidatesWithoutItAreWhatTheyWereWithoutTheSettings() throws IOException {
    Map<String, Measurement> with = sweep(2, "with", "space.adversarial=[none,pgd]");
    Map<String, Measurement> without = sweep(2, "without", "student.adversarial.radius=0.2");

    assertThat(without).hasSize(2);
    without.forEach(
        (label, file) ->
            assertThat(with.values().stream().map(Measurement::sha256))
                .as(label)
                .contains(file.sha256()));
  }
}
