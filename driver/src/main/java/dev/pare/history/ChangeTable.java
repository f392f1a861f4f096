package dev.pare.history;

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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What changed between two runs, as aligned columns for a terminal. */
public final class ChangeTable {
  private static final List<Column> COLUMNS =
      List.of(
          Column.right("within"),
          Column.right("error before"),
          Column.right("error after"),
          Column.right("change"),
          Column.right("p"),
          Column.left(""),
          Column.left("file now"));

  private ChangeTable() {}

  /** Prints a row a budget, errors in percent of the validation examples, and a summary. */
  public static void print(FrontierChange change, PrintWriter out) {
    TextTable table = new TextTable(COLUMNS);
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
        error(before),
        error(after),
        before == null || after == null
            ? ""
            : String.format(Locale.ROOT, "%+.2f", 100 * (before.accuracy() - after.accuracy())),
        compared ? probability(budget.pValue()) : "",
        budget.verdict().name().toLowerCase(Locale.ROOT),
        after == null ? "" : label(after));
  }

  private static String error(FrontierSnapshot.@Nullable Point point) {
    return point == null ? "-" : String.format(Locale.ROOT, "%.2f", 100 * (1 - point.accuracy()));
  }

  private static String probability(double p) {
    return p < 0.001 ? "<0.001" : String.format(Locale.ROOT, "%.3f", p);
  }

  private static String label(FrontierSnapshot.Point point) {
    return point.point().entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(" "));
  }
}
