package dev.pare;

import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import dev.pare.candidate.Correctness;
import dev.pare.candidate.Spelling;
import dev.pare.folder.SweepFolder;
import dev.pare.frontier.FrontierChange;
import dev.pare.frontier.FrontierSnapshot;
import dev.pare.history.Run;
import dev.pare.history.RunHistory;
import dev.pare.history.RunTime;
import dev.pare.ledger.LedgerEntries;
import dev.pare.ledger.SparkTables;
import dev.pare.report.FrontierFiles;
import dev.pare.report.FrontierReport;
import dev.pare.report.FrontierRow;
import dev.pare.result.Column;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * What sweeps left in their folders, as tables for SQL and notebooks.
 *
 * <p>A frontier's table has a row a file, by rising bytes; docs/columns.md says what the columns of
 * frontiers and ledgers are, and so do their comments in the schema.
 */
public final class SweepTables {
  private static final List<Column<FrontierRow>> COLUMNS = FrontierRow.table();
  private static final StructType FRONTIER = SparkTables.schema(COLUMNS);

  private static final StructType HISTORY = history();

  private static final StructType CHANGE =
      new StructType()
          .add("bytes", LongType, false)
          .add("before_bytes", LongType)
          .add("before_accuracy", DoubleType)
          .add("after_bytes", LongType)
          .add("after_accuracy", DoubleType)
          .add("before_score", DoubleType)
          .add("after_score", DoubleType)
          .add("p_value", DoubleType, false)
          .add("verdict", StringType, false);

  private SweepTables() {}

  private static StructType history() {
    StructType columns = new StructType().add("run", DataTypes.TimestampType, false);
    for (var field : FRONTIER.fields()) {
      columns = columns.add(field);
    }
    return columns;
  }

  /**
   * Every candidate's outcome, a row each; its columns are the ledger's.
   *
   * @param out folder of a sweep's results, any Hadoop path
   * @throws UncheckedIOException if it has none, or rows that are not the sweep's, or twice; after
   *     the sweep's end also if it lacks some, or differs from its frontier
   */
  public static Dataset<Row> ledger(SparkSession spark, String out) {
    SweepFolder folder = folder(spark, out);
    try {
      SweepReport.checkLedger(spark, folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
    return LedgerEntries.rows(spark, folder.path(SweepFolder.LEDGER).toString());
  }

  /**
   * The frontier of a sweep's last run.
   *
   * @param out folder of a sweep's results, any Hadoop path
   * @throws UncheckedIOException if it has none
   */
  public static Dataset<Row> frontier(SparkSession spark, String out) {
    try {
      return of(spark, FrontierFiles.read(folder(spark, out)));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /**
   * The frontiers of all of a sweep's runs that are kept, one after the other; {@code run} is when
   * each ended.
   *
   * @param out folder of a sweep's results, any Hadoop path
   * @throws UncheckedIOException if a run cannot be read
   */
  public static Dataset<Row> history(SparkSession spark, String out) {
    try {
      RunHistory history = new RunHistory(folder(spark, out));
      List<Row> rows = new ArrayList<>();
      for (RunTime time : history.times()) {
        Run run = history.read(time);
        for (FrontierRow row : run.report().rows()) {
          List<@Nullable Object> values = new ArrayList<>();
          values.add(Timestamp.from(time.instant()));
          values.addAll(SparkTables.values(COLUMNS, row));
          rows.add(RowFactory.create(values.toArray()));
        }
      }
      return spark.createDataFrame(rows, HISTORY).coalesce(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /**
   * What the frontier of one sweep's last run gained or lost against that of another's, as {@link
   * FrontierChange} tells it: a row a budget of {@code bytes}, with the size, validation accuracy
   * and score of the best file {@code before_} and {@code after_}, null where there is none.
   *
   * @param before folder of a sweep's results, any Hadoop path
   * @param after the same of another sweep
   * @throws UncheckedIOException if one has no run that is kept, or the last that is kept is not
   *     the one that left its frontier
   */
  public static Dataset<Row> change(SparkSession spark, String before, String after) {
    FrontierChange change =
        FrontierChange.of(
            latest(folder(spark, before)).snapshot(), latest(folder(spark, after)).snapshot());
    List<Row> rows = new ArrayList<>();
    for (FrontierChange.AtBudget budget : change.budgets()) {
      FrontierSnapshot.@Nullable Point old = budget.before();
      FrontierSnapshot.@Nullable Point now = budget.after();
      rows.add(
          RowFactory.create(
              budget.bytes(),
              old == null ? null : old.bytes(),
              accuracy(old),
              now == null ? null : now.bytes(),
              accuracy(now),
              old == null ? null : old.score().value(),
              now == null ? null : now.score().value(),
              budget.pValue(),
              Spelling.of(budget.verdict())));
    }
    return spark.createDataFrame(rows, CHANGE).coalesce(1);
  }

  private static @Nullable Double accuracy(FrontierSnapshot.@Nullable Point point) {
    Correctness validation = point == null ? null : point.validation();
    return validation == null ? null : Double.valueOf(validation.accuracy());
  }

  private static Run latest(SweepFolder folder) {
    try {
      return new RunHistory(folder).current();
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  static Dataset<Row> of(SparkSession spark, FrontierReport report) {
    List<Row> rows = new ArrayList<>();
    for (FrontierRow row : report.rows()) {
      rows.add(RowFactory.create(SparkTables.values(COLUMNS, row).toArray()));
    }
    return spark.createDataFrame(rows, FRONTIER).coalesce(1);
  }

  private static SweepFolder folder(SparkSession spark, String out) {
    return new SweepFolder(out, spark.sparkContext().hadoopConfiguration());
  }
}
