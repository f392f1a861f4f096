package dev.pare.report.page;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.frontier.Hypervolume;
import dev.pare.ledger.LedgerEntry;
import dev.pare.report.FrontierReport;
import dev.pare.report.FrontierRow;
import dev.pare.report.LatencyTable;
import dev.pare.report.SensitivityTable;
import dev.pare.spec.LoneText;
import dev.pare.spec.PublishedResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a report is made of; equal data give equal bytes.
 *
 * @param frontier what was kept
 * @param out where the sweep's results are, as other machines name it
 * @param configuration the whole configuration as text
 * @param candidates all that was tried, in the order of asking
 * @param earlier the run before, null if there was none
 * @param sensitivity how sensitive the teacher is to the sparsity of its layers, empty if not
 *     measured
 * @param latency how long files take, null if not measured
 * @param asOf when this was all there was, while the sweep runs or as it stopped; null if it has
 *     come to its end
 */
public record ReportData(
    FrontierReport frontier,
    String out,
    String configuration,
    List<LedgerEntry> candidates,
    @Nullable EarlierRun earlier,
    List<SensitivityTable.Row> sensitivity,
    @Nullable LatencyTable latency,
    @Nullable AsOf asOf) {
  /** A sweep that has not come to its end. */
  public enum State {
    RUNS,
    /** By a failure, or by whoever ended it. */
    STOPPED
  }

  /**
   * How far a sweep has come that has not ended.
   *
   * @param time of that
   */
  public record AsOf(Instant time, State state) {
    public AsOf {
      requireNonNull(time, "time is null");
      requireNonNull(state, "state is null");
    }
  }

  /** Beyond so many, dots hide each other and the page grows slow. */
  static final int MOST_DRAWN = 2000;

  private static final String STRATEGY = "search.strategy";

  /** What there was before there were others. */
  private static final String GRID = "grid";

  public ReportData {
    requireNonNull(frontier, "frontier is null");
    requireNonNull(out, "out is null");
    requireNonNull(configuration, "configuration is null");
    candidates = List.copyOf(candidates);
    sensitivity = List.copyOf(sensitivity);
  }

  /** A report of a sweep that has ended. */
  public ReportData(
      FrontierReport frontier,
      String out,
      String configuration,
      List<LedgerEntry> candidates,
      @Nullable EarlierRun earlier,
      List<SensitivityTable.Row> sensitivity,
      @Nullable LatencyTable latency) {
    this(frontier, out, configuration, candidates, earlier, sensitivity, latency, null);
  }

  /** The name of the strategy that chose the candidates. */
  String search() {
    try {
      Config parsed = LoneText.parse(configuration);
      return parsed.hasPath(STRATEGY) ? parsed.getString(STRATEGY) : GRID;
    } catch (ConfigException e) {
      // Of an earlier version, or changed by a person, who reads it on the page.
      return GRID;
    }
  }

  /** Results from elsewhere. */
  List<PublishedResult> published() {
    try {
      return PublishedResult.of(LoneText.parse(configuration));
    } catch (ConfigException | IllegalArgumentException e) {
      // Changed by a person, who reads it on the page.
      return List.of();
    }
  }

  /** The same report of another frontier and other candidates. */
  ReportData with(FrontierReport otherFrontier, List<LedgerEntry> others) {
    return new ReportData(
        otherFrontier, out, configuration, others, earlier, sensitivity, latency, asOf);
  }

  /**
   * The measured candidates that a report shows: the whole frontier, and as many of the others as
   * can be told apart. Keys are digests, so that the first by key are a fair sample.
   */
  List<LedgerEntry> drawn() {
    Set<StageKey> best = frontier.rows().stream().map(FrontierRow::key).collect(Collectors.toSet());
    List<LedgerEntry> drawn = new ArrayList<>();
    int others = 0;
    for (LedgerEntry entry : byKey()) {
      if (entry.outcome() instanceof Outcome.Measured
          && (best.contains(entry.outcome().key()) || others++ < MOST_DRAWN)) {
        drawn.add(entry);
      }
    }
    return drawn;
  }

  /** The candidates without a file, no more of them than are drawn of others. */
  List<LedgerEntry> failed() {
    return byKey().stream()
        .filter(entry -> entry.outcome() instanceof Outcome.Failed)
        .limit(MOST_DRAWN)
        .toList();
  }

  /** All that was tried, by key. */
  List<LedgerEntry> byKey() {
    return candidates.stream()
        .sorted(Comparator.comparing(entry -> entry.outcome().key().hex()))
        .toList();
  }

  /** How the frontier grew; empty where nobody knows what guessing comes to. */
  List<FrontierGrowth.Step> growth() {
    FrontierReport.Teacher teacher = frontier.teacher();
    Double guess = teacher.guess();
    return guess == null
        ? List.of()
        : FrontierGrowth.of(
            candidates, Hypervolume.of(teacher.parameters(), frontier.metric(), guess));
  }
}
