package dev.pare.ledger;

import dev.pare.candidate.Confusion;
import dev.pare.candidate.Correctness;
import dev.pare.candidate.Estimate;
import dev.pare.candidate.Evaluation;
import dev.pare.candidate.FailureCode;
import dev.pare.candidate.LayerSize;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Metric;
import dev.pare.candidate.Operations;
import dev.pare.candidate.OriginBytes;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.Provenance;
import dev.pare.candidate.SizeBreakdown;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/** Rows of a ledger as what they were written from. */
public final class LedgerEntries {
  private LedgerEntries() {}

  /**
   * All of a ledger, in its order. Layers, which the oldest ledgers lack, are empty there,
   * operations, bytes by origin and confusion unknown, and the metric is the error.
   *
   * @param folder any Hadoop path
   */
  public static List<LedgerEntry> read(SparkSession spark, String folder) {
    return Ledger.read(spark, folder).collectAsList().stream().map(LedgerEntries::entry).toList();
  }

  private static LedgerEntry entry(Row row) {
    return new LedgerEntry(
        row.getJavaMap(row.fieldIndex("point")),
        row.getList(row.fieldIndex("stages")),
        row.isNullAt(row.fieldIndex("failure")) ? measured(row) : failed(row));
  }

  private static Outcome measured(Row row) {
    return new Outcome.Measured(
        key(row), measurement(row), row.getJavaMap(row.fieldIndex("seconds")), provenance(row));
  }

  private static Outcome failed(Row row) {
    return new Outcome.Failed(
        key(row),
        FailureCode.valueOf(row.getAs("failure")),
        StageSettings.Kind.valueOf(row.getAs("failure_stage")),
        row.getAs("failure_message"),
        provenance(row));
  }

  private static StageKey key(Row row) {
    return new StageKey(row.getAs("key"));
  }

  private static Measurement measurement(Row row) {
    return new Measurement(
        new SizeBreakdown(
            row.getAs("header_bytes"),
            row.getAs("index_bytes"),
            row.getAs("value_bytes"),
            row.getAs("codebook_bytes"),
            row.getAs("bias_bytes")),
        new OriginBytes(row.getAs("bytes_with_origin"), row.getAs("bytes_without_origin")),
        row.getAs("sha256"),
        row.getAs("parameters"),
        row.getAs("nonzero_weights"),
        operations(row),
        layers(row),
        evaluation(row));
  }

  private static Evaluation evaluation(Row row) {
    Correctness correctness =
        row.isNullAt(row.fieldIndex("validation_bits"))
            ? null
            : new Correctness(
                Math.toIntExact(row.getAs("validation_examples")),
                Math.toIntExact(row.getAs("validation_correct")),
                HexFormat.of().formatHex(row.getAs("validation_bits")));
    if (correctness != null && row.isNullAt(row.fieldIndex("metric"))) {
      return Evaluation.of(correctness);
    }
    String metric = row.getAs("metric");
    return new Evaluation(
        new Estimate(
            Metric.of(metric).orElseThrow(() -> new IllegalArgumentException("metric = " + metric)),
            Math.toIntExact(row.getAs("validation_examples")),
            row.getAs("validation_score"),
            row.getAs("validation_score_low"),
            row.getAs("validation_score_high")),
        correctness,
        confusion(row));
  }

  private static @Nullable Confusion confusion(Row row) {
    int column = row.fieldIndex("confusion");
    if (row.isNullAt(column)) {
      return null;
    }
    List<Integer> cells = new ArrayList<>();
    for (Row cell : row.<Row>getList(column)) {
      cells.addAll(List.of(cell.getInt(0), cell.getInt(1), cell.getInt(2)));
    }
    return new Confusion(row.getAs("classes"), cells);
  }

  private static Operations operations(Row row) {
    return row.isNullAt(row.fieldIndex("multiply_adds"))
        ? Operations.UNKNOWN
        : new Operations(
            row.getAs("activation_density"),
            row.getAs("original_multiply_adds"),
            row.getAs("multiply_adds"),
            row.getAs("multiply_adds_effective"));
  }

  private static List<LayerSize> layers(Row row) {
    List<LayerSize> layers = new ArrayList<>();
    int column = row.fieldIndex("layers");
    if (!row.isNullAt(column)) {
      for (Row layer : row.<Row>getList(column)) {
        layers.add(
            new LayerSize(
                layer.getAs("tensor"),
                layer.getAs("representation"),
                layer.getAs("weights"),
                layer.getAs("rows"),
                layer.getAs("columns"),
                layer.getAs("nonzeros"),
                layer.getAs("distinct_values"),
                layer.getAs("bytes")));
      }
    }
    return layers;
  }

  private static Provenance provenance(Row row) {
    return new Provenance(
        row.getAs("seed"),
        row.getAs("pare_version"),
        row.getAs("java_version"),
        row.getAs("system"),
        row.getAs("blas"),
        row.getAs("executor"));
  }
}
