package dev.pare.ledger;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.Sha256;
import dev.pare.data.FilePaths;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
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
   * The files of a ledger: what is within folders in it, or hidden to Spark, is no part of it.
   *
   * @throws FileNotFoundException if there is no such folder
   */
  static List<FileStatus> files(Path folder, Configuration hadoop) throws IOException {
    List<FileStatus> found = new ArrayList<>();
    for (FileStatus status : folder.getFileSystem(hadoop).listStatus(folder)) {
      String name = status.getPath().getName();
      boolean hidden = name.startsWith(".") || name.startsWith("_");
      if (status.isFile() && name.endsWith(".parquet") && !hidden) {
        found.add(status);
      }
    }
    return found;
  }

  /**
   * SHA-256 of the one file that a sweep leaves, in hexadecimal, or of several, by name, one after
   * the other; none if there is no file or no folder.
   *
   * @param folder any Hadoop path
   */
  public static Optional<String> sha256(Path folder, Configuration hadoop) throws IOException {
    List<Path> files = new ArrayList<>();
    try {
      files(folder, hadoop).forEach(file -> files.add(file.getPath()));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
    Collections.sort(files);
    MessageDigest digest = Sha256.digest();
    for (Path file : files) {
      try (InputStream in = FilePaths.open(folder.getFileSystem(hadoop), file);
          OutputStream to = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
        in.transferTo(to);
      }
    }
    return files.isEmpty()
        ? Optional.empty()
        : Optional.of(HexFormat.of().formatHex(digest.digest()));
  }

  /**
   * The ledger as a table. Columns that an earlier version did not have are null.
   *
   * @param folder any Hadoop path
   * @throws UncheckedIOException if there is no such folder, or the storage fails
   */
  public static Dataset<Row> read(SparkSession spark, String folder) {
    StructType schema = SCHEMA;
    for (Map.Entry<String, String> name : EARLIER.entrySet()) {
      schema = schema.add(name.getValue(), SCHEMA.apply(name.getKey()).dataType());
    }
    Dataset<Row> rows = rows(spark, folder, schema);
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

  private static Dataset<Row> rows(SparkSession spark, String folder, StructType schema) {
    List<String> files = new ArrayList<>();
    try {
      for (FileStatus file : files(new Path(folder), spark.sparkContext().hadoopConfiguration())) {
        files.add(file.getPath().toString());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
    if (files.isEmpty()) {
      return spark.createDataFrame(List.<Row>of(), schema);
    }
    // A folder's name may look like a pattern of names. Of a folder Spark would also read what is
    // within folders in it, links that lead back to it among them.
    return spark
        .read()
        .option(DataSource.GLOB_PATHS_KEY(), "false")
        .schema(schema)
        .parquet(files.toArray(String[]::new));
  }

  /** What a ledger says of a candidate. */
  static Row row(LedgerEntry entry) {
    return RowFactory.create(SparkTables.values(LedgerColumns.ALL, entry).toArray());
  }
}
