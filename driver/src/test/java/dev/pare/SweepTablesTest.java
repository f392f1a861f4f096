package dev.pare;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.frontier.FrontierChange;
import dev.pare.spec.SpecBuilder;
import dev.pare.spec.SweepSpec;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs of one sweep over time, whose settings change between them. */
@Timeout(120)
class SweepTablesTest {
  @TempDir private static Path shared;

  private static SparkSession spark;
  private static String out;
  private static Sweep.Result first;
  private static Sweep.Result same;
  private static Sweep.Result worse;
  private static Sweep.Result better;

  @BeforeAll
  static void run() {
    spark = LocalSpark.open(2);
    out = "file://" + shared.resolve("sweep");
    SpecBuilder builder =
        SweepSpec.from(SmallSweep.conf(shared.resolve("sweep")).toString())
            .set("sweep.keep-runs", 3)
            .vary("sparsity", 0.9)
            .vary("bits", 4)
            .vary("temperature", 1, 4);
    first = Sweep.run(spark, builder.build());
    same = Sweep.run(spark, builder.build());
    // Students that learn nothing after they lost nine weights of ten.
    worse =
        Sweep.run(
            spark,
            builder
                .with("student { epochs = 0, prune.schedule = one-shot, quantize.epochs = 0 }")
                .build());
    better = Sweep.run(spark, builder.with("student { epochs = 1, quantize.epochs = 1 }").build());
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void aRunIsComparedWithTheOneBefore() {
    assertThat(first.change()).isNull();
    assertThat(change(same).budgets())
        .isNotEmpty()
        .allMatch(budget -> budget.verdict() == FrontierChange.Verdict.SAME);
    assertThat(change(worse).method()).isEqualTo(FrontierChange.Method.PAIRED);
    assertThat(change(worse).isWorse()).isTrue();
    assertThat(change(better).count(FrontierChange.Verdict.BETTER)).isPositive();
    assertThat(change(better).count(FrontierChange.Verdict.WORSE)).isZero();
  }

  private static FrontierChange change(Sweep.Result result) {
    return requireNonNull(result.change());
  }

  @Test
  void theFrontierIsATable() {
    List<Row> rows = SweepTables.frontier(spark, out).collectAsList();

    assertThat(rows).isEqualTo(better.frontierTable().collectAsList());
    assertThat(rows).hasSameSizeAs(better.frontier().rows());
    Row row = rows.get(0);
    var told = better.frontier().rows().get(0);
    assertThat(row.<String, String>getJavaMap(row.fieldIndex("point"))).isEqualTo(told.point());
    assertThat((long) row.getAs("bytes")).isEqualTo(told.bytes());
    assertThat((double) row.getAs("ratio")).isEqualTo(told.summary().ratio());
    assertThat((long) row.getAs("nonzero_weights")).isEqualTo(told.summary().nonzeroWeights());
    assertThat((double) row.getAs("activation_density"))
        .isEqualTo(told.summary().operations().activationDensity());
    assertThat((long) row.getAs("multiply_adds"))
        .isEqualTo(told.summary().operations().multiplyAdds());
    assertThat((long) row.getAs("effective_multiply_adds"))
        .isEqualTo(told.summary().operations().effectiveMultiplyAdds());
    assertThat((long) row.getAs("validation_correct"))
        .isEqualTo(told.validation().correct().longValue());
    assertThat((long) row.getAs("test_examples")).isEqualTo(told.test().total());
    assertThat((double) row.getAs("test_high")).isEqualTo(told.test().interval().high());
    assertThat((String) row.getAs("file")).isEqualTo(told.file());
    assertThat((String) row.getAs("key")).isEqualTo(told.key().hex());
  }

  @Test
  void theCandidatesAreATable() {
    // Rows compare arrays of bytes by identity.
    assertThat(better.candidateTable().drop("validation_bits").collectAsList())
        .hasSize(2)
        .isEqualTo(SweepTables.ledger(spark, out).drop("validation_bits").collectAsList());
  }

  @Test
  void theRunsThatAreKeptAreATable() {
    List<Row> runs =
        SweepTables.history(spark, out).select("run").distinct().orderBy("run").collectAsList();

    assertThat(runs)
        .extracting(row -> row.<Timestamp>getAs("run").toInstant())
        .containsExactly(same.run().instant(), worse.run().instant(), better.run().instant());
    assertThat(SweepTables.history(spark, out).columns()).startsWith("run", "point", "bytes");
    assertThat(SweepTables.history(spark, "file://" + shared.resolve("nothing")).count()).isZero();
  }

  @Test
  void twoSweepsAreCompared() {
    assertThat(SweepTables.change(spark, out, out).collectAsList())
        .isNotEmpty()
        .allSatisfy(
            row -> {
              assertThat((String) row.getAs("verdict")).isEqualTo("same");
              assertThat((long) row.getAs("before_bytes")).isEqualTo(row.getAs("after_bytes"));
              assertThat((double) row.getAs("after_accuracy"))
                  .isEqualTo(row.getAs("before_accuracy"));
            });
    assertThatThrownBy(() -> SweepTables.change(spark, out, "file://" + shared.resolve("nothing")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("nothing: no run is kept here");
  }
}
