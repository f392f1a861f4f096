package dev.pare.history;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Estimate;
import dev.pare.candidate.Metric;
import dev.pare.candidate.Spelling;
import dev.pare.frontier.FrontierChange;
import dev.pare.frontier.FrontierChange.AtBudget;
import dev.pare.frontier.FrontierChange.Verdict;
import dev.pare.frontier.FrontierSnapshot;
import dev.pare.report.ByteSize;
import dev.pare.report.TextTable;
import dev.pare.report.TextTable.Column;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What changed between two runs, as aligned columns for a terminal. */
public final class ChangeTable {
  private ChangeTable() {}

  /** Prints a row a budget, shares in percent of the validation examples, and a summary. */
  public static void print(FrontierChange change, PrintWriter out) {
    Metric metric =
        change.budgets().stream()
            .map(budget -> budget.after() == null ? budget.before() : budget.after())
            .flatMap(Stream::ofNullable)
            .map(point -> point.score().metric())
            .findFirst()
            .orElse(Metric.ERROR);
    TextTable table =
        new TextTable(
            List.of(
                Column.right("within"),
                Column.right(metric + " before"),
                Column.right(metric + " after"),
                Column.right("change"),
                Column.right("p"),
                Column.left(""),
                Column.left("file now")));
    change.budgets().forEach(budget -> table.add(line(budget)));
    table.print(out);
    out.println();
    out.println(summary(change));
  }

  /** As {@code 2 better, 1 worse, 14 same; 0 sizes gained, 1 lost}. */
  public static String summary(FrontierChange change) {
    return String.format(
        Locale.ROOT,
        "%d better, %d worse, %d the same within chance; %d gained, %d lost",
        change.count(Verdict.BETTER),
        change.count(Verdict.WORSE),
        change.count(Verdict.SAME),
        change.count(Verdict.GAINED),
        change.count(Verdict.LOST));
  }

  private static List<String> line(AtBudget budget) {
    FrontierSnapshot.@Nullable Point before = budget.before();
    FrontierSnapshot.@Nullable Point after = budget.after();
    boolean compared = before != null && after != null && !before.key().equals(after.key());
    return Arrays.asList(
        ByteSize.format(budget.bytes()),
        value(before),
        value(after),
        before == null || after == null ? "" : change(before.score(), after.score()),
        compared ? probability(budget.pValue()) : "",
        Spelling.of(budget.verdict()),
        after == null ? "" : label(after));
  }

  private static String value(FrontierSnapshot.@Nullable Point point) {
    return point == null ? "-" : point.score().metric().text(point.score().value());
  }

  private static String change(Estimate before, Estimate after) {
    double change = after.value() - before.value();
    String text = before.metric().text(change);
    return text.startsWith("-") ? text : "+" + text;
  }

  private static String probability(double p) {
    return p < 0.001 ? "<0.001" : String.format(Locale.ROOT, "%.3f", p);
  }

  private static String label(FrontierSnapshot.Point point) {
    return Candidate.label(point.point());
  }
}
