package dev.pare.report;

import dev.pare.candidate.Estimate;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Metric;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.ledger.LedgerEntry;
import dev.pare.report.TextTable.Column;
import dev.pare.result.Score;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * All candidates as a table: of one sweep with the 95% intervals of what they are judged by; of
 * several that differ in their seeds, or where candidates differ in their random choices alone,
 * with means and standard errors over these runs.
 */
public final class CandidateTable {
  private CandidateTable() {}

  /**
   * What a sweep has left.
   *
   * @param entries of its ledger
   * @param frontier whose files were tested
   */
  public record Sweep(List<LedgerEntry> entries, FrontierReport frontier) {
    public Sweep {
      entries = List.copyOf(entries);
    }
  }

  /** A row of a sweep's ledger. */
  private record LedgerRow(LedgerEntry entry, Sweep sweep) {}

  /** One sweep's measurement of a candidate; tested if it is on that sweep's frontier. */
  private record Trial(Measurement measurement, Optional<Score> test) {}

  /**
   * A row a candidate, in the first sweep's order; those of one row have the same settings, and a
   * candidate that only some sweeps have gets a row, too. Where files may hold an origin, a column
   * has the bytes without it.
   *
   * @param sweeps at least one, all judged by one metric
   */
  public static TextTable of(List<Sweep> sweeps) {
    Metric metric = sweeps.get(0).frontier().metric();
    List<Column> columns = new ArrayList<>();
    columns.add(Column.left("candidate"));
    Map<List<String>, List<LedgerRow>> rows = rows(sweeps);
    boolean repeated = rows.values().stream().anyMatch(row -> row.size() > 1);
    if (repeated || sweeps.size() > 1) {
      columns.add(Column.right("runs"));
    }
    columns.add(Column.right("bytes"));
    boolean origins =
        sweeps.stream().flatMap(s -> s.entries().stream()).anyMatch(CandidateTable::hasOrigin);
    if (origins) {
      columns.add(Column.right("without origin"));
    }
    for (String title :
        List.of(
            "nonzero weights", Score.title("validation", metric), Score.title("test", metric))) {
      columns.add(Column.right(title));
    }
    TextTable table = new TextTable(columns);
    for (List<LedgerRow> row : rows.values()) {
      List<String> line = line(row, repeated || sweeps.size() > 1);
      if (origins) {
        line.add(line.size() - 3, bytesWithoutOrigin(row));
      }
      table.add(line);
    }
    return table;
  }

  private static boolean hasOrigin(LedgerEntry entry) {
    return entry.outcome() instanceof Outcome.Measured measured
        && measured.measurement().byOrigin().with() != null;
  }

  /** Mean bytes of the same networks in files without an origin; empty where one is unknown. */
  private static String bytesWithoutOrigin(List<LedgerRow> row) {
    List<Long> bytes = new ArrayList<>();
    for (LedgerRow one : row) {
      if (one.entry().outcome() instanceof Outcome.Measured measured) {
        bytes.add(measured.measurement().byOrigin().without());
      }
    }
    return bytes.isEmpty() || bytes.contains(null)
        ? ""
        : rounded(bytes.stream().mapToLong(Long::longValue).average().orElseThrow());
  }

  /** What several sweeps have of one key is one run. */
  private static Map<List<String>, List<LedgerRow>> rows(List<Sweep> sweeps) {
    Map<List<String>, List<LedgerRow>> rows = new LinkedHashMap<>();
    Set<StageKey> known = new HashSet<>();
    for (Sweep sweep : sweeps) {
      for (LedgerEntry entry : sweep.entries()) {
        if (!known.add(entry.outcome().key())) {
          continue;
        }
        rows.computeIfAbsent(Repetitions.settings(entry.stages()), key -> new ArrayList<>())
            .add(new LedgerRow(entry, sweep));
      }
    }
    return rows;
  }

  private static List<String> line(List<LedgerRow> row, boolean severalRuns) {
    List<Trial> trials = new ArrayList<>();
    String failure = "";
    for (LedgerRow one : row) {
      if (one.entry().outcome() instanceof Outcome.Measured measured) {
        trials.add(new Trial(measured.measurement(), test(measured, one.sweep())));
      } else {
        failure = "failed: " + ((Outcome.Failed) one.entry().outcome()).failure().code();
      }
    }
    List<String> line = new ArrayList<>();
    line.add(row.get(0).entry().label());
    if (severalRuns) {
      line.add(String.valueOf(trials.size()));
    }
    line.add(mean(trials, trial -> trial.measurement().size().totalBytes()));
    line.add(mean(trials, trial -> trial.measurement().nonzeroWeights()));
    if (!severalRuns && trials.size() == 1) {
      Trial trial = trials.get(0);
      line.add(trial.measurement().score().text());
      line.add(trial.test().map(test -> test.estimate().text()).orElse(""));
    } else {
      line.add(trials.isEmpty() ? failure : mean(trials.stream().map(CandidateTable::validation)));
      boolean tested = trials.stream().allMatch(trial -> trial.test().isPresent());
      line.add(
          tested ? mean(trials.stream().map(trial -> trial.test().orElseThrow().estimate())) : "");
    }
    return line;
  }

  private static Optional<Score> test(Outcome.Measured measured, Sweep sweep) {
    return sweep.frontier().rows().stream()
        .filter(row -> row.key().equals(measured.key()))
        .findFirst()
        .map(FrontierRow::test);
  }

  private static Estimate validation(Trial trial) {
    return trial.measurement().score();
  }

  private static String mean(List<Trial> trials, ToDoubleFunction<Trial> value) {
    return trials.isEmpty()
        ? ""
        : rounded(trials.stream().mapToDouble(value).average().orElseThrow());
  }

  private static String rounded(double value) {
    return String.format(Locale.ROOT, "%.0f", value);
  }

  /** Mean and standard error of the mean; a single one has no error to tell. */
  private static String mean(Stream<Estimate> estimates) {
    List<Estimate> all = estimates.toList();
    int n = all.size();
    if (n == 0) {
      return "";
    }
    Metric metric = all.get(0).metric();
    double mean = 0;
    for (Estimate estimate : all) {
      mean += estimate.value() / n;
    }
    if (n == 1) {
      return metric.text(mean);
    }
    double squares = 0;
    for (Estimate estimate : all) {
      squares += (estimate.value() - mean) * (estimate.value() - mean);
    }
    return metric.text(mean) + " ± " + metric.text(Math.sqrt(squares / (n - 1) / n));
  }
}
