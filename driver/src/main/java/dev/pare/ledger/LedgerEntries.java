package dev.pare.ledger;

import dev.pare.candidate.Correctness;
import dev.pare.candidate.FailureCode;
import dev.pare.candidate.LayerSize;
import dev.pare.candidate.Measurement;
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

/** Rows of a ledger as what they were written from. */
public final class LedgerEntries {
  private LedgerEntries() {}

  /**
   * All of a ledger, in its order. Layers, which the oldest ledgers lack, are empty there,
   * operations and bytes by origin unknown.
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
        new Correctness(
            Math.toIntExact(row.getAs("validation_examples")),
            Math.toIntExact(row.getAs("validation_correct")),
            HexFormat.of().formatHex(row.getAs("validation_bits"))));
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
