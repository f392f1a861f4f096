package dev.pare.run;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Measurement;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.ThirdObjective;
import dev.pare.folder.SweepFolder;
import dev.pare.frontier.ParetoFrontier;
import dev.pare.ledger.LedgerEntry;
import dev.pare.ledger.RunningLedger;
import dev.pare.report.FrontierReport;
import dev.pare.report.FrontierRow;
import dev.pare.report.Repetitions;
import dev.pare.report.page.ReportData;
import dev.pare.report.page.ReportData.AsOf;
import dev.pare.report.page.ReportData.State;
import dev.pare.report.page.ReportPage;
import dev.pare.result.Score;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The page of a sweep while it runs: what was measured so far. It is written anew as candidates
 * end, at most every 30 seconds, and takes at most one part in {@value #SHARE} of the time of the
 * thread that writes it. Of more than {@value #MOST_CANDIDATES} candidates there is none before the
 * sweep ends. If the run stops before, the page says so.
 */
final class RunningPage {
  static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final int SHARE = 20;

  /** Of more a page takes seconds, and the thread that writes it gives the sweep's sign of life. */
  private static final int MOST_CANDIDATES = 20_000;

  private final SweepFolder folder;
  private final String name;
  private final String configuration;
  private final ThirdObjective third;
  private final FrontierReport.Teacher teacher;
  private final RunningLedger ledger;
  private long dueNanos;
  private int shown;
  private boolean ended;
  private boolean replaced;

  /**
   * @param folder of the results
   * @param name of the sweep
   * @param configuration the whole configuration as text
   * @param third what the frontier weighs beside bytes and the metric
   * @param startNanos when the candidates began
   */
  RunningPage(
      SweepFolder folder,
      String name,
      String configuration,
      ThirdObjective third,
      FrontierReport.Teacher teacher,
      RunningLedger ledger,
      long startNanos) {
    this.folder = requireNonNull(folder, "folder is null");
    this.name = requireNonNull(name, "name is null");
    this.configuration = requireNonNull(configuration, "configuration is null");
    this.third = requireNonNull(third, "third is null");
    this.teacher = requireNonNull(teacher, "teacher is null");
    this.ledger = requireNonNull(ledger, "ledger is null");
    dueNanos = startNanos + EVERY_NANOS;
  }

  /**
   * Writes the page if it is time for it and there is something new.
   *
   * @param nowNanos as {@link System#nanoTime} has it
   */
  synchronized void write(long nowNanos, Instant now) throws IOException {
    if (ended || nowNanos - dueNanos < 0) {
      return;
    }
    List<LedgerEntry> entries = ledger.entries();
    if (entries.size() == shown || entries.size() > MOST_CANDIDATES) {
      return;
    }
    long start = System.nanoTime();
    write(entries, new AsOf(now, State.RUNS));
    shown = entries.size();
    dueNanos = nowNanos + Math.max(EVERY_NANOS, SHARE * (System.nanoTime() - start));
  }

  private void write(List<LedgerEntry> entries, AsOf asOf) throws IOException {
    folder.replace(SweepFolder.PAGE, ReportPage.of(data(entries, asOf)));
  }

  private ReportData data(List<LedgerEntry> entries, AsOf asOf) throws IOException {
    List<FrontierRow> rows = new ArrayList<>();
    Map<StageKey, List<String>> stages = new HashMap<>();
    for (LedgerEntry entry : entries) {
      if (entry.outcome() instanceof Outcome.Measured measured) {
        stages.put(measured.key(), entry.stages());
        Measurement measurement = measured.measurement();
        rows.add(
            new FrontierRow(
                entry.point(),
                measured.key(),
                SweepFolder.bestName(entry.label(), measured.key()),
                measurement.file(),
                Score.of(measurement.evaluation()),
                null,
                null));
      }
    }
    return new ReportData(
        new FrontierReport(
            name,
            teacher,
            ParetoFrontier.of(
                    Repetitions.best(rows, row -> requireNonNull(stages.get(row.key()))),
                    row -> third.of(row.summary()))
                .points()),
        folder.title(),
        configuration,
        entries,
        null,
        List.of(),
        null,
        asOf);
  }

  /** Waits for what is being written; nothing is from now on, unless the run stops. */
  synchronized void end() {
    ended = true;
  }

  /** There is the page of the sweep's end. */
  synchronized void replaced() {
    ended = true;
    replaced = true;
  }

  /** Says on the page, if this run has written one, that the run has stopped before its end. */
  synchronized void stop(Instant now) throws IOException {
    ended = true;
    if (shown > 0 && !replaced) {
      write(ledger.entries(), new AsOf(now, State.STOPPED));
      replaced = true;
    }
  }
}
