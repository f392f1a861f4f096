package dev.pare.ledger;

import dev.pare.candidate.Correctness;
import dev.pare.candidate.Failure;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.Provenance;
import dev.pare.result.Column;
import dev.pare.result.FileColumns;
import dev.pare.result.Score;
import dev.pare.result.ScoreColumns;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The columns of a ledger. */
public final class LedgerColumns {
  /** All of them, in their order. */
  public static final List<Column<LedgerEntry>> ALL = all();

  private LedgerColumns() {}

  private static List<Column<LedgerEntry>> all() {
    List<Column<LedgerEntry>> columns = new ArrayList<>();
    columns.add(
        Column.text("candidate", "the values that tell it from the others", LedgerEntry::label));
    columns.add(
        Column.text(
            "key", "content address of the candidate's last stage", e -> e.outcome().key().hex()));
    columns.add(
        new Column<>(
            "point",
            Column.Type.TEXT_BY_NAME,
            "",
            "the values that tell the candidate from the others, by dimension",
            LedgerEntry::point));
    columns.add(
        new Column<>(
            "stages",
            Column.Type.TEXTS,
            "",
            "the candidate's settings, from first to last",
            LedgerEntry::stages));
    addAll(columns, FileColumns.ALL, ofMeasurement(Measurement::file));
    columns.add(
        new Column<>(
            "layers",
            Column.Type.TENSORS,
            "",
            "the file's tensors, in the order of the network",
            ofMeasurement(Measurement::layers)));
    addAll(
        columns,
        ScoreColumns.of("validation_"),
        ofMeasurement(measurement -> Score.of(measurement.evaluation())));
    columns.add(
        new Column<>(
            "validation_bits",
            Column.Type.BITS,
            "",
            "a bit for each validation example, set if it was answered rightly, the lowest first",
            ofMeasurement(measurement -> bits(measurement.validation()))));
    columns.add(
        Column.text(
            "metric",
            "what the candidate is judged by",
            ofMeasurement(measurement -> measurement.score().metric().toString())));
    columns.add(
        new Column<>(
            "classes",
            Column.Type.INTEGER,
            "classes",
            "number of classes of the confusion matrix",
            ofMeasurement(m -> m.confusion() == null ? null : m.confusion().classes())));
    columns.add(
        new Column<>(
            "confusion",
            Column.Type.CONFUSION,
            "examples",
            "validation examples by their class and by the answer, where there are any",
            ofMeasurement(Measurement::confusion)));
    columns.add(
        new Column<>(
            "seconds",
            Column.Type.REAL_BY_NAME,
            "seconds",
            "wall time of each stage, by its kind; a shared stage's stands in all that share it",
            entry ->
                entry.outcome() instanceof Outcome.Measured measured
                    ? measured.seconds()
                    : Map.of()));
    addFailure(columns);
    addProvenance(columns);
    return List.copyOf(columns);
  }

  private static void addFailure(List<Column<LedgerEntry>> columns) {
    List<Column<Failure>> failure =
        List.of(
            Column.text("failure", "why there is no file", f -> f.code().name()),
            Column.whole(
                "failure_number",
                "",
                "number of the failure's code",
                f -> (long) f.code().number()),
            Column.text("failure_stage", "kind of the stage that failed", f -> f.stage().name()),
            Column.text("failure_message", "what went wrong, for people", Failure::message));
    addAll(
        columns,
        failure,
        entry -> entry.outcome() instanceof Outcome.Failed failed ? failed.failure() : null);
  }

  private static void addProvenance(List<Column<LedgerEntry>> columns) {
    List<Column<Provenance>> provenance =
        List.of(
            Column.whole("seed", "", "of the candidate's last stage", Provenance::seed),
            Column.text("pare_version", "version of Pare", Provenance::pareVersion),
            Column.text("java_version", "version of Java", Provenance::javaVersion),
            Column.text("system", "operating system and architecture", Provenance::system),
            Column.text("blas", "the matrix library and its kernel", Provenance::blas),
            Column.text(
                "executor", "Spark's id of the executor and its host", Provenance::executor));
    addAll(columns, provenance, entry -> entry.outcome().provenance());
  }

  private static <T> void addAll(
      List<Column<LedgerEntry>> columns,
      List<Column<T>> others,
      Function<LedgerEntry, @Nullable T> part) {
    others.forEach(column -> columns.add(column.of(part)));
  }

  private static <V> Function<LedgerEntry, @Nullable V> ofMeasurement(
      Function<Measurement, @Nullable V> value) {
    return entry ->
        entry.outcome() instanceof Outcome.Measured measured
            ? value.apply(measured.measurement())
            : null;
  }

  private static byte @Nullable [] bits(@Nullable Correctness validation) {
    return validation == null ? null : HexFormat.of().parseHex(validation.bits());
  }
}
