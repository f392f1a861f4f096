package dev.pare.ledger;

import static dev.pare.SampleCandidates.candidate;
import static dev.pare.SampleCandidates.measurement;
import static dev.pare.SampleCandidates.provenance;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.LocalSpark;
import dev.pare.candidate.Candidate;
import dev.pare.candidate.FailureCode;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
  private static final StageKey KEY = new StageKey("a".repeat(64));
  private static final Candidate CANDIDATE = candidate(0.9, 4);
  private static final Outcome MEASURED =
      new Outcome.Measured(
          KEY, measurement(500), Map.of("prune", 8.0, "encode", 0.5), provenance("1@host"));

  private static SparkSession spark;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    spark = LocalSpark.open(2);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  private List<Row> written(Map<Candidate, Outcome> outcomes) {
    String ledger = folder.resolve("ledger").toString();
    Ledger.write(spark, ledger, outcomes);
    return Ledger.read(spark, ledger).collectAsList();
  }

  private static <T> T value(Row row, String column) {
    return row.getAs(column);
  }

  @Test
  void aMeasuredCandidateComesBackWhole() {
    List<Row> rows = written(Map.of(CANDIDATE, MEASURED));

    assertThat(rows).hasSize(1);
    Row row = rows.get(0);
    assertThat((String) value(row, "candidate")).isEqualTo("bits=4 sparsity=0.9");
    assertThat((String) value(row, "key")).isEqualTo(KEY.hex());
    assertThat(row.<String, String>getJavaMap(row.fieldIndex("point")))
        .containsOnly(Map.entry("bits", "4"), Map.entry("sparsity", "0.9"));
    assertThat(row.<String>getList(row.fieldIndex("stages"))).hasSize(3);
    assertThat(
            Stream.of("header", "index", "value", "codebook", "bias")
                .mapToLong(part -> value(row, part + "_bytes"))
                .sum())
        .isEqualTo(500)
        .isEqualTo((long) value(row, "bytes"));
    assertThat((double) value(row, "ratio")).isEqualTo(8);
    assertThat((long) value(row, "nonzero_weights")).isEqualTo(100);
    assertThat((long) value(row, "validation_correct")).isEqualTo(9);
    assertThat((double) value(row, "validation_accuracy")).isEqualTo(0.9);
    assertThat((double) value(row, "validation_low"))
        .isLessThan(0.9)
        .isLessThan(value(row, "validation_high"));
    assertThat((byte[]) value(row, "validation_bits")).containsExactly(0xFF, 0x01);
    assertThat(row.<String, Double>getJavaMap(row.fieldIndex("seconds")))
        .containsOnly(Map.entry("prune", 8.0), Map.entry("encode", 0.5));
    assertThat((long) value(row, "seed")).isEqualTo(7);
    assertThat((String) value(row, "executor")).isEqualTo("1@host");
    assertThat((String) value(row, "failure")).isNull();
  }

  @Test
  void aFailedCandidateHasItsReasonAndNoMeasurement() {
    Outcome failed =
        new Outcome.Failed(
            KEY, FailureCode.TRAINING_DIVERGED, Kind.PRUNE, "loss is NaN", provenance("0@host"));

    Row row = written(Map.of(CANDIDATE, failed)).get(0);

    assertThat((String) value(row, "failure")).isEqualTo("TRAINING_DIVERGED");
    assertThat((long) value(row, "failure_number")).isEqualTo(100);
    assertThat((String) value(row, "failure_stage")).isEqualTo("PRUNE");
    assertThat((String) value(row, "failure_message")).isEqualTo("loss is NaN");
    for (String column :
        List.of("bytes", "sha256", "ratio", "validation_accuracy", "validation_bits")) {
      assertThat(row.isNullAt(row.fieldIndex(column))).as(column).isTrue();
    }
    assertThat((String) value(row, "executor")).isEqualTo("0@host");
  }

  @Test
  void entriesReadBackAreWhatWasWritten() {
    Outcome failed =
        new Outcome.Failed(
            KEY, FailureCode.TRAINING_DIVERGED, Kind.PRUNE, "loss is NaN", provenance("0@host"));
    Map<Candidate, Outcome> outcomes = new LinkedHashMap<>();
    outcomes.put(CANDIDATE, MEASURED);
    outcomes.put(candidate(0.8, 4), failed);

    written(outcomes);

    assertThat(LedgerEntries.read(spark, folder.resolve("ledger").toString()))
        .containsExactly(
            LedgerEntry.of(CANDIDATE, MEASURED), LedgerEntry.of(candidate(0.8, 4), failed));
  }

  @Test
  void aLedgerFromBeforeLayersWereKeptIsReadWithoutThem() {
    written(Map.of(CANDIDATE, MEASURED));
    String old = folder.resolve("old").toString();
    spark.read().parquet(folder.resolve("ledger").toString()).drop("layers").write().parquet(old);

    assertThat(LedgerEntries.read(spark, old))
        .extracting(entry -> ((Outcome.Measured) entry.outcome()).measurement().layers())
        .containsExactly(List.of());
  }

  @Test
  void rowsAreInTheOrderOfTheCandidates() {
    Map<Candidate, Outcome> outcomes = new LinkedHashMap<>();
    for (int bits = 8; bits > 0; bits--) {
      outcomes.put(candidate(0.9, bits), MEASURED);
    }

    assertThat(written(outcomes))
        .extracting(row -> row.<String, String>getJavaMap(row.fieldIndex("point")).get("bits"))
        .containsExactly("8", "7", "6", "5", "4", "3", "2", "1");
  }

  @Test
  void aNewLedgerTakesTheOldOnesPlace() throws IOException {
    written(Map.of(CANDIDATE, MEASURED, candidate(0.8, 4), MEASURED));

    assertThat(written(Map.of(CANDIDATE, MEASURED))).hasSize(1);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(folder.resolve("ledger"));
    }
  }
}
