package dev.pare;

import dev.pare.ledger.LedgerEntries;
import dev.pare.ledger.LedgerEntry;
import dev.pare.report.FrontierFiles;
import dev.pare.report.FrontierReport;
import dev.pare.report.page.ReportData;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** The report of a sweep that has ended, from the results that it left. */
public final class SweepReport {
  private SweepReport() {}

  /**
   * What the report is made of; the sweep itself made its own of the same.
   *
   * @param out folder of the results
   * @throws IOException if results are missing or cannot be read; the message names the file
   */
  public static ReportData read(SparkSession spark, String out) throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    Path folder = new Path(out);
    FrontierReport frontier = FrontierFiles.read(folder, hadoop);
    return new ReportData(
        frontier,
        qualified(out, hadoop),
        text(new Path(folder, SweepFolder.CONFIGURATION), hadoop),
        candidates(spark, out));
  }

  /**
   * All that a sweep's ledger holds, in its order.
   *
   * @param out folder of the results
   */
  public static List<LedgerEntry> candidates(SparkSession spark, String out) {
    return LedgerEntries.read(spark, new Path(out, SweepFolder.LEDGER).toString());
  }

  /** A folder as every machine names it. */
  static String qualified(String out, Configuration hadoop) throws IOException {
    Path folder = new Path(out);
    return folder.getFileSystem(hadoop).makeQualified(folder).toString();
  }

  private static String text(Path file, Configuration hadoop) throws IOException {
    try (FSDataInputStream stream = file.getFileSystem(hadoop).open(file)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (FileNotFoundException e) {
      throw new IOException(file + ": there is no such file", e);
    }
  }
}
