package dev.pare.ledger;

import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Confusion;
import dev.pare.candidate.Correctness;
import dev.pare.candidate.Estimate;
import dev.pare.candidate.LayerSize;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Operations;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.Provenance;
import dev.pare.candidate.SizeBreakdown;
import dev.pare.candidate.WilsonInterval;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.DataSource;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Every candidate's outcome, a row each, in Parquet. A candidate that failed has its reason and no
 * measurement, all others a measurement and no reason. The columns of the validation's accuracy and
 * bits are of networks that tell classes apart, whatever they are judged by; those of its score are
 * of the metric.
 */
public final class Ledger {
  private static final DataType POINT = DataTypes.createMapType(StringType, StringType, false);
  private static final DataType SECONDS = DataTypes.createMapType(StringType, DoubleType, false);

  private static final DataType LAYERS =
      DataTypes.createArrayType(
          new StructType()
              .add("tensor", StringType, false)
              .add("representation", StringType, false)
              .add("weights", LongType, false)
              .add("rows", IntegerType, false)
              .add("columns", IntegerType, false)
              .add("nonzeros", LongType, false)
              .add("distinct_values", IntegerType, false)
              .add("bytes", LongType, false),
          false);

  private static final DataType CONFUSION =
      DataTypes.createArrayType(
          new StructType()
              .add("label", IntegerType, false)
              .add("answer", IntegerType, false)
              .add("examples", IntegerType, false),
          false);

  static final StructType SCHEMA =
      new StructType()
          .add("candidate", StringType, false)
          .add("key", StringType, false)
          .add("point", POINT, false)
          .add("stages", DataTypes.createArrayType(StringType, false), false)
          .add("bytes", LongType)
          .add("header_bytes", LongType)
          .add("index_bytes", LongType)
          .add("value_bytes", LongType)
          .add("codebook_bytes", LongType)
          .add("bias_bytes", LongType)
          .add("bytes_with_origin", LongType)
          .add("bytes_without_origin", LongType)
          .add("sha256", StringType)
          .add("parameters", LongType)
          .add("nonzero_weights", LongType)
          .add("ratio", DoubleType)
          .add("activation_density", DoubleType)
          .add("original_multiply_adds", LongType)
          .add("multiply_adds", LongType)
          .add("multiply_adds_effective", LongType)
          .add("layers", LAYERS)
          .add("validation_examples", LongType)
          .add("validation_correct", LongType)
          .add("validation_accuracy", DoubleType)
          .add("validation_low", DoubleType)
          .add("validation_high", DoubleType)
          .add("validation_bits", DataTypes.BinaryType)
          .add("metric", StringType)
          .add("validation_score", DoubleType)
          .add("validation_score_low", DoubleType)
          .add("validation_score_high", DoubleType)
          .add("classes", IntegerType)
          .add("confusion", CONFUSION)
          .add("seconds", SECONDS)
          .add("failure", StringType)
          .add("failure_number", LongType)
          .add("failure_stage", StringType)
          .add("failure_message", StringType)
          .add("seed", LongType, false)
          .add("pare_version", StringType, false)
          .add("java_version", StringType, false)
          .add("system", StringType, false)
          .add("blas", StringType, false)
          .add("executor", StringType, false);

  private Ledger() {}

  /** A ledger that is written nowhere. */
  public static Dataset<Row> table(SparkSession spark, Map<Candidate, Outcome> outcomes) {
    List<Row> rows = new ArrayList<>();
    outcomes.forEach((candidate, outcome) -> rows.add(row(candidate, outcome)));
    return spark.createDataFrame(rows, SCHEMA).coalesce(1);
  }

  /** The ledger as a table. */
  public static Dataset<Row> read(SparkSession spark, String folder) {
    // A folder's name may look like a pattern of names.
    return spark.read().option(DataSource.GLOB_PATHS_KEY(), "false").schema(SCHEMA).parquet(folder);
  }

  /** What a ledger says of a candidate. */
  static Row row(Candidate candidate, Outcome outcome) {
    List<@Nullable Object> row = new ArrayList<>();
    row.add(candidate.label());
    row.add(outcome.key().hex());
    row.add(candidate.point());
    row.add(candidate.stages().stream().map(Object::toString).toArray(String[]::new));
    if (outcome instanceof Outcome.Measured measured) {
      add(row, measured.measurement());
      row.add(measured.seconds());
      addNulls(row, 4);
    } else {
      Outcome.Failed failed = (Outcome.Failed) outcome;
      addNulls(row, 29);
      row.add(Map.of());
      row.add(failed.code().name());
      row.add((long) failed.code().number());
      row.add(failed.stage().name());
      row.add(failed.message());
    }
    Provenance provenance = outcome.provenance();
    row.add(provenance.seed());
    row.add(provenance.pareVersion());
    row.add(provenance.javaVersion());
    row.add(provenance.system());
    row.add(provenance.blas());
    row.add(provenance.executor());
    return RowFactory.create(row.toArray());
  }

  private static void add(List<@Nullable Object> row, Measurement measurement) {
    SizeBreakdown size = measurement.size();
    row.add(size.totalBytes());
    row.add(size.headerBytes());
    row.add(size.indexBytes());
    row.add(size.valueBytes());
    row.add(size.codebookBytes());
    row.add(size.biasBytes());
    row.add(measurement.byOrigin().with());
    row.add(measurement.byOrigin().without());
    row.add(measurement.sha256());
    row.add(measurement.parameters());
    row.add(measurement.nonzeroWeights());
    row.add(measurement.ratio());
    Operations operations = measurement.operations();
    row.add(operations.activationDensity());
    row.add(operations.originalMultiplyAdds());
    row.add(operations.multiplyAdds());
    row.add(operations.effectiveMultiplyAdds());
    row.add(measurement.layers().stream().map(Ledger::row).toArray(Row[]::new));
    add(row, measurement.score(), measurement.validation());
    Estimate score = measurement.score();
    row.add(score.metric().toString());
    row.add(score.value());
    row.add(score.low());
    row.add(score.high());
    Confusion confusion = measurement.confusion();
    if (confusion == null) {
      addNulls(row, 2);
    } else {
      row.add(confusion.classes());
      row.add(rows(confusion));
    }
  }

  /** What is known of classes, if there are any. */
  private static void add(
      List<@Nullable Object> row, Estimate score, @Nullable Correctness validation) {
    if (validation == null) {
      row.add((long) score.examples());
      addNulls(row, 5);
      return;
    }
    WilsonInterval interval = WilsonInterval.of(validation.correct(), validation.examples());
    row.add((long) validation.examples());
    row.add((long) validation.correct());
    row.add(validation.accuracy());
    row.add(interval.low());
    row.add(interval.high());
    row.add(HexFormat.of().parseHex(validation.bits()));
  }

  private static Row[] rows(Confusion confusion) {
    List<Integer> cells = confusion.cells();
    Row[] rows = new Row[cells.size() / 3];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = RowFactory.create(cells.get(3 * i), cells.get(3 * i + 1), cells.get(3 * i + 2));
    }
    return rows;
  }

  private static Row row(LayerSize layer) {
    return RowFactory.create(
        layer.tensor(),
        layer.representation(),
        layer.weights(),
        layer.rows(),
        layer.columns(),
        layer.nonzeros(),
        layer.distinctValues(),
        layer.bytes());
  }

  private static void addNulls(List<@Nullable Object> row, int count) {
    for (int i = 0; i < count; i++) {
      row.add(null);
    }
  }
}
