package dev.pare.ledger;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.DataSource;
import org.apache.spark.sql.types.StructType;

/**
 * Every candidate's outcome, a row each, in Parquet; its columns are {@link LedgerColumns}. A
 * candidate that failed has its reason and no measurement, all others a measurement and no reason.
 */
public final class Ledger {
  static final StructType SCHEMA = SparkTables.schema(LedgerColumns.ALL);

  /** Names of columns in ledgers of earlier versions, by today's. */
  private static final Map<String, String> EARLIER =
      Map.of("effective_multiply_adds", "multiply_adds_effective");

  private Ledger() {}

  /** A ledger that is written nowhere. */
  public static Dataset<Row> table(SparkSession spark, Map<Candidate, Outcome> outcomes) {
    List<Row> rows = new ArrayList<>();
    outcomes.forEach((candidate, outcome) -> rows.add(row(LedgerEntry.of(candidate, outcome))));
    return spark.createDataFrame(rows, SCHEMA).coalesce(1);
  }

  /**
   * The ledger as a table. Columns that an earlier version did not have are null.
   *
   * @param folder any Hadoop path
   */
  public static Dataset<Row> read(SparkSession spark, String folder) {
    StructType schema = SCHEMA;
    for (Map.Entry<String, String> name : EARLIER.entrySet()) {
      schema = schema.add(name.getValue(), SCHEMA.apply(name.getKey()).dataType());
    }
    // A folder's name may look like a pattern of names.
    Dataset<Row> rows =
        spark.read().option(DataSource.GLOB_PATHS_KEY(), "false").schema(schema).parquet(folder);
    for (Map.Entry<String, String> name : EARLIER.entrySet()) {
      rows =
          rows.withColumn(
                  name.getKey(),
                  coalesce(col(name.getKey()), col(name.getValue()))
                      .as(name.getKey(), SCHEMA.apply(name.getKey()).metadata()))
              .drop(name.getValue());
    }
    return rows;
  }

  /** What a ledger says of a candidate. */
  static Row row(LedgerEntry entry) {
    return RowFactory.create(SparkTables.values(LedgerColumns.ALL, entry).toArray());
  }
}
