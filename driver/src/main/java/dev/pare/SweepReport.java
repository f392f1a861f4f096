package dev.pare;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pare.candidate.Credentials;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.Sha256;
import dev.pare.candidate.StageKey;
import dev.pare.folder.References;
import dev.pare.folder.SweepFolder;
import dev.pare.frontier.Hypervolume;
import dev.pare.history.Run;
import dev.pare.history.RunHistory;
import dev.pare.history.RunTime;
import dev.pare.ledger.Ledger;
import dev.pare.ledger.LedgerEntries;
import dev.pare.ledger.LedgerEntry;
import dev.pare.report.FrontierFiles;
import dev.pare.report.FrontierReport;
import dev.pare.report.FrontierRow;
import dev.pare.report.MissingFiles;
import dev.pare.report.ModelFile;
import dev.pare.report.SensitivityFile;
import dev.pare.report.SensitivityTable;
import dev.pare.report.SweepLatency;
import dev.pare.report.page.EarlierRun;
import dev.pare.report.page.ReportData;
import dev.pare.result.Score;
import dev.pare.spec.ScanSettings;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The report of a sweep that has ended, from the results that it left. */
public final class SweepReport {
  private static final Logger LOG = LoggerFactory.getLogger(SweepReport.class);

  private SweepReport() {}

  /**
   * What the report is made of; the sweep itself made its own of the same.
   *
   * @param out folder of the results
   * @throws IOException if results are missing or cannot be read; the message names the file
   */
  public static ReportData read(SparkSession spark, String out) throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    SweepFolder folder = new SweepFolder(out, hadoop);
    FrontierReport frontier = FrontierFiles.read(folder);
    String configuration = configuration(folder);
    for (FrontierRow row : frontier.rows()) {
      if (folder.has(row.file())) {
        ModelFile.read(folder, row, hadoop, in -> row);
      }
    }
    return new ReportData(
        frontier,
        folder.title(),
        Credentials.masked(configuration),
        candidates(spark, folder, frontier),
        earlier(folder, frontier),
        sensitivity(folder, configuration),
        SweepLatency.read(folder).orElse(null));
  }

  /**
   * The configuration that the results are of.
   *
   * @throws IOException if there is none, or it is not the one that the sweep wrote there; the
   *     message names the file
   */
  public static String configuration(SweepFolder folder) throws IOException {
    return folder.read(
        SweepFolder.CONFIGURATION, "; " + MissingFiles.REMEDY, file -> configuration(folder, file));
  }

  private static String configuration(SweepFolder folder, byte[] file) throws IOException {
    Optional<String> noted = References.of(folder).flatMap(References::configuration);
    String its = Sha256.hex(file);
    if (noted.isPresent() && !noted.get().equals(its)) {
      throw new IOException(
          "its SHA-256 is %s, not %s, which %s has of the sweep's configuration; has the sweep ended?"
              .formatted(its, noted.get(), SweepFolder.REFERENCES));
    }
    return new String(file, UTF_8);
  }

  /**
   * All that a sweep's ledger holds, in its order.
   *
   * @param folder of the results
   * @param frontier that lies there
   * @throws IOException if ledger and frontier are not of the same sweep, or not of the one that
   *     wrote its references there; the message names the file and the key
   */
  public static List<LedgerEntry> candidates(
      SparkSession spark, SweepFolder folder, FrontierReport frontier) throws IOException {
    String ledger = folder.path(SweepFolder.LEDGER).toString();
    if (!folder.has(SweepFolder.LEDGER)) {
      throw new IOException(ledger + ": there is no such folder; " + MissingFiles.REMEDY);
    }
    List<LedgerEntry> entries = LedgerEntries.read(spark, ledger);
    Optional<References> references = References.of(folder);
    Map<StageKey, Outcome> outcomes = outcomes(ledger, entries, references);
    OptionalInt number = references.map(References::candidates).orElse(OptionalInt.empty());
    if (number.isPresent() && number.getAsInt() != entries.size()) {
      throw new IOException(
          "%s: has %d candidates, %s says %d; %s"
              .formatted(
                  ledger,
                  entries.size(),
                  SweepFolder.REFERENCES,
                  number.getAsInt(),
                  MissingFiles.REMEDY));
    }
    for (FrontierRow row : frontier.rows()) {
      check(folder, row, outcomes.get(row.key()));
    }
    checkDigest(spark, folder, references.flatMap(References::ledger));
    return entries;
  }

  /** Rows may be the sweep's by their keys, and have other numbers. */
  private static void checkDigest(SparkSession spark, SweepFolder folder, Optional<String> noted)
      throws IOException {
    if (noted.isEmpty()) {
      return;
    }
    Path ledger = folder.path(SweepFolder.LEDGER);
    String its = Ledger.sha256(ledger, spark.sparkContext().hadoopConfiguration()).orElse("none");
    if (!its.equals(noted.get())) {
      throw new IOException(
          "%s: its SHA-256 is %s, not %s, which %s has of the sweep's ledger: it is of another run, or was changed; %s"
              .formatted(ledger, its, noted.get(), SweepFolder.REFERENCES, MissingFiles.REMEDY));
    }
  }

  /** By their keys, each of which is there once, and the sweep's. */
  private static Map<StageKey, Outcome> outcomes(
      String ledger, List<LedgerEntry> entries, Optional<References> references)
      throws IOException {
    Map<StageKey, Outcome> outcomes = new HashMap<>();
    for (LedgerEntry entry : entries) {
      StageKey key = entry.outcome().key();
      if (outcomes.put(key, entry.outcome()) != null) {
        throw new IOException(
            "%s: has candidate %s twice; is a copy of a file there?"
                .formatted(ledger, key.abbreviated()));
      }
      if (references.isPresent() && !references.get().keys().contains(key)) {
        throw new IOException(
            "%s: has candidate %s, which is none of the sweep's in %s"
                .formatted(ledger, key.abbreviated(), SweepFolder.REFERENCES));
      }
    }
    return outcomes;
  }

  /**
   * Looks whether a ledger is the sweep's: all of it where the sweep has ended, and of one that
   * runs what can be known.
   *
   * @throws IOException if not, as {@link #candidates}
   */
  static void checkLedger(SparkSession spark, SweepFolder folder) throws IOException {
    Optional<References> references = References.of(folder);
    if (references.isPresent() && references.get().candidates().isPresent()) {
      candidates(spark, folder, FrontierFiles.read(folder));
    } else {
      String ledger = folder.path(SweepFolder.LEDGER).toString();
      LOG.warn(
          "{}: {}, so that nothing tells whether its numbers were changed",
          ledger,
          references.isEmpty()
              ? "there is no " + SweepFolder.REFERENCES + " beside it"
              : References.areOpen(folder)
                  ? SweepFolder.REFERENCES + " beside it is of an earlier version, or was cut"
                  : "the sweep has not ended, or is of an earlier version");
      outcomes(ledger, LedgerEntries.read(spark, ledger), references);
    }
  }

  /**
   * Scans of the sweep's teacher by the sweep's settings; others, which were measured since, and a
   * file that was changed are left out.
   */
  private static List<SensitivityTable.Row> sensitivity(SweepFolder folder, String configuration)
      throws IOException {
    SensitivityTable table = new SensitivityFile(folder).readable().orElse(null);
    if (table == null) {
      return List.of();
    }
    Set<StageKey> known = References.of(folder).map(References::keys).orElse(Set.of());
    if (!known.contains(table.teacher())) {
      LOG.warn(
          "{}: is of teacher {}, which {} does not have as the sweep's; it is left out",
          folder.path(SweepFolder.SENSITIVITY),
          table.teacher().abbreviated(),
          SweepFolder.REFERENCES);
      return List.of();
    }
    String settings;
    try {
      settings = ScanSettings.digest(configuration);
    } catch (IllegalArgumentException e) {
      throw new IOException(folder.path(SweepFolder.CONFIGURATION) + ": " + e.getMessage(), e);
    }
    if (!table.settings().equals(settings)) {
      LOG.warn(
          "{}: was measured by settings with SHA-256 {}, the sweep's (student.prune.calibration, block and damping, teacher.augment, data.seed) have {}; it is left out",
          folder.path(SweepFolder.SENSITIVITY),
          table.settings(),
          settings);
      return List.of();
    }
    return table.rows();
  }

  private static void check(SweepFolder folder, FrontierRow row, @Nullable Outcome outcome)
      throws IOException {
    if (!(outcome instanceof Outcome.Measured measured)) {
      throw new IOException(
          "%s: the ledger has no file of %s, which frontier.json names; has the sweep ended?"
              .formatted(folder.root(), row.key().abbreviated()));
    }
    Measurement measurement = measured.measurement();
    if (measurement.size().totalBytes() != row.bytes()
        || (row.summary().sha256() != null && !row.summary().sha256().equals(measurement.sha256()))
        || !Score.of(measurement.evaluation()).equals(row.validation())) {
      throw new IOException(
          "%s: of %s the ledger has a file of %s, frontier.json one of %s; has the sweep ended?"
              .formatted(
                  folder.root(),
                  row.key().abbreviated(),
                  described(
                      measurement.size().totalBytes(),
                      measurement.sha256(),
                      Score.of(measurement.evaluation())),
                  described(row.bytes(), row.summary().sha256(), row.validation())));
    }
  }

  private static String described(long bytes, @Nullable String sha256, Score validation) {
    return "%d bytes, SHA-256 %s, %s"
        .formatted(
            bytes,
            sha256 == null ? "unknown" : sha256,
            validation.correct() == null
                ? validation.named()
                : validation.correct() + " of " + validation.total() + " right");
  }

  /**
   * The run before the one that left the frontier; none if that one is not the last that is kept,
   * since it died just before its end, if it was judged by another metric, or if what is kept
   * cannot be read.
   */
  private static @Nullable EarlierRun earlier(SweepFolder folder, FrontierReport frontier)
      throws IOException {
    RunHistory history = new RunHistory(folder);
    List<RunTime> times = history.times();
    if (times.size() < 2) {
      return null;
    }
    try {
      return earlier(history, times, frontier, folder);
    } catch (IOException e) {
      LOG.warn("the run before is left out: {}", e.getMessage());
      return null;
    }
  }

  private static @Nullable EarlierRun earlier(
      RunHistory history, List<RunTime> times, FrontierReport frontier, SweepFolder folder)
      throws IOException {
    Double guess = frontier.teacher().guess();
    if (guess == null) {
      throw new IOException(
          folder.path(SweepFolder.FRONTIER_JSON) + ": has no score at chance level");
    }
    Run last = history.read(times.get(times.size() - 1));
    if (!last.report().equals(frontier)) {
      return null;
    }
    Run before = history.read(times.get(times.size() - 2));
    if (!before.report().metric().equals(frontier.metric())) {
      return null;
    }
    return new EarlierRun(
        before.time().instant(),
        before.snapshot(),
        last.snapshot(),
        Hypervolume.of(frontier.teacher().parameters(), frontier.metric(), guess));
  }
}
