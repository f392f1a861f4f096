package dev.pare.ledger;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Confusion;
import dev.pare.candidate.Correctness;
import dev.pare.candidate.Evaluation;
import dev.pare.candidate.Failure;
import dev.pare.candidate.FailureCode;
import dev.pare.candidate.FileSummary;
import dev.pare.candidate.LayerSize;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Metric;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.Provenance;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings;
import dev.pare.data.FilePaths;
import dev.pare.data.NotAFileException;
import dev.pare.data.ParquetCheck;
import dev.pare.result.FileColumns;
import dev.pare.result.Score;
import dev.pare.result.ScoreColumns;
import dev.pare.result.Values;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/** Rows of a ledger as what they were written from. */
public final class LedgerEntries {
  /** Of files that are looked at before Spark reads them: larger ones promise what they have. */
  private static final int MOST_BYTES = 1 << 28;

  private LedgerEntries() {}

  /**
   * All of a ledger, in its order. Layers, which the oldest ledgers lack, are empty there,
   * operations, bytes by origin and confusion unknown, and the metric is the error.
   *
   * @param folder any Hadoop path
   * @throws UncheckedIOException naming the file that is damaged
   */
  public static List<LedgerEntry> read(SparkSession spark, String folder) {
    List<Row> rows = rows(spark, folder).collectAsList();
    try {
      return rows.stream().map(LedgerEntries::entry).toList();
    } catch (IllegalArgumentException | ArithmeticException e) {
      String message = folder + ": is damaged, or no ledger: " + e.getMessage();
      throw new UncheckedIOException(message, new IOException(message, e));
    }
  }

  /**
   * All rows of a ledger, after its files were looked at.
   *
   * @param folder any Hadoop path
   * @throws UncheckedIOException naming the file that is damaged
   */
  public static Dataset<Row> rows(SparkSession spark, String folder) {
    check(new Path(folder), spark.sparkContext().hadoopConfiguration());
    return Ledger.read(spark, folder);
  }

  /** Of a damaged file Spark's tasks would say much before they fail. */
  private static void check(Path folder, Configuration hadoop) {
    try {
      for (FileStatus file : Ledger.files(folder, hadoop)) {
        checkFile(file, hadoop);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private static void checkFile(FileStatus file, Configuration hadoop) throws IOException {
    Path path = file.getPath();
    // Each row has a key of its own, of 32 bytes: there are fewer than the file has bytes.
    Optional<String> problem =
        file.getLen() > MOST_BYTES
            ? Optional.empty()
            : ParquetCheck.problem(bytes(path, hadoop), file.getLen());
    if (problem.isPresent()) {
      throw new IOException(path + ": is damaged, or no ledger: " + problem.get());
    }
  }

  private static byte[] bytes(Path path, Configuration hadoop) throws IOException {
    try (InputStream in = FilePaths.open(path.getFileSystem(hadoop), path)) {
      return in.readAllBytes();
    } catch (NotAFileException e) {
      throw new IOException(path + ": " + e.getMessage(), e);
    }
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
        new Failure(
            FailureCode.valueOf(row.getAs("failure")),
            StageSettings.Kind.valueOf(row.getAs("failure_stage")),
            row.getAs("failure_message")),
        provenance(row));
  }

  private static StageKey key(Row row) {
    return new StageKey(row.getAs("key"));
  }

  private static Measurement measurement(Row row) {
    Values values = row::getAs;
    FileSummary file = FileColumns.read(values);
    return new Measurement(
            file.size(),
            file.byOrigin(),
            requireNonNull(file.sha256(), "no sha256"),
            file.parameters(),
            file.nonzeroWeights(),
            file.operations(),
            layers(row),
            evaluation(row, values))
        .with(file.robustness());
  }

  private static Evaluation evaluation(Row row, Values values) {
    String spelled = values.textOrNull("metric");
    Metric metric =
        spelled == null
            ? Metric.ERROR
            : Metric.of(spelled)
                .orElseThrow(() -> new IllegalArgumentException("metric = " + spelled));
    Score score = ScoreColumns.read(values, "validation_", metric);
    byte[] bits = row.getAs("validation_bits");
    return new Evaluation(
        score.estimate(),
        bits == null || score.correct() == null
            ? null
            : new Correctness(score.total(), score.correct(), HexFormat.of().formatHex(bits)),
        confusion(row, values));
  }

  private static @Nullable Confusion confusion(Row row, Values values) {
    int column = row.fieldIndex("confusion");
    if (row.isNullAt(column)) {
      return null;
    }
    List<Integer> cells = new ArrayList<>();
    for (Row cell : row.<Row>getList(column)) {
      cells.addAll(List.of(cell.getInt(0), cell.getInt(1), cell.getInt(2)));
    }
    return new Confusion(Math.toIntExact(values.whole("classes")), cells);
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
