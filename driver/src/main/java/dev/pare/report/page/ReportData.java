package dev.pare.report.page;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.ledger.LedgerEntry;
import dev.pare.report.FrontierReport;
import dev.pare.report.FrontierRow;
import dev.pare.report.LatencyTable;
import dev.pare.report.SensitivityTable;
import dev.pare.spec.LoneText;
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
 * @param candidates all that was tried; kept in the order of their keys, in whichever they come
 * @param earlier the run before, null if there was none
 * @param sensitivity how sensitive the teacher is to the sparsity of its layers, empty if not
 *     measured
 * @param latency how long files take, null if not measured
 */
public record ReportData(
    FrontierReport frontier,
    String out,
    String configuration,
    List<LedgerEntry> candidates,
    @Nullable EarlierRun earlier,
    List<SensitivityTable.Row> sensitivity,
    @Nullable LatencyTable latency) {
  /** Beyond so many, dots hide each other and the page grows slow. */
  static final int MOST_DRAWN = 2000;

  private static final String STRATEGY = "search.strategy";

  /** What there was before there were others. */
  private static final String GRID = "grid";

  public ReportData {
    requireNonNull(frontier, "frontier is null");
    requireNonNull(out, "out is null");
    requireNonNull(configuration, "configuration is null");
    candidates =
        candidates.stream()
            .sorted(Comparator.comparing(entry -> entry.outcome().key().hex()))
            .toList();
    sensitivity = List.copyOf(sensitivity);
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

  /** The same report of another frontier and other candidates. */
  ReportData with(FrontierReport otherFrontier, List<LedgerEntry> others) {
    return new ReportData(otherFrontier, out, configuration, others, earlier, sensitivity, latency);
  }

  /**
   * The measured candidates that a report shows: the whole frontier, and as many of the others as
   * can be told apart. Keys are digests, so that the first by key are a fair sample.
   */
  List<LedgerEntry> drawn() {
    Set<StageKey> best = frontier.rows().stream().map(FrontierRow::key).collect(Collectors.toSet());
    List<LedgerEntry> drawn = new ArrayList<>();
    int others = 0;
    for (LedgerEntry entry : candidates) {
      if (entry.outcome() instanceof Outcome.Measured
          && (best.contains(entry.outcome().key()) || others++ < MOST_DRAWN)) {
        drawn.add(entry);
      }
    }
    return drawn;
  }

  /** The candidates without a file, no more of them than are drawn of others. */
  List<LedgerEntry> failed() {
    return candidates.stream()
        .filter(entry -> entry.outcome() instanceof Outcome.Failed)
        .limit(MOST_DRAWN)
        .toList();
  }
}
