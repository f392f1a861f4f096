package dev.pare.history;

import dev.pare.frontier.FrontierChange;
import dev.pare.frontier.FrontierChange.AtBudget;
import dev.pare.frontier.FrontierChange.Verdict;
import dev.pare.frontier.FrontierSnapshot;
import dev.pare.report.ByteSize;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What changed between two runs, as aligned columns for a terminal. */
public final class ChangeTable {
  private static final String GAP = "  ";
  private static final List<String> HEADER =
      List.of("within", "error before", "error after", "change", "p", "", "file now");

  private ChangeTable() {}

  /** Prints a row a budget, errors in percent of the validation examples, and a summary. */
  public static void print(FrontierChange change, PrintWriter out) {
    List<List<String>> lines = new ArrayList<>(List.of(HEADER));
    change.budgets().forEach(budget -> lines.add(line(budget)));
    int[] widths = new int[HEADER.size()];
    for (List<String> line : lines) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], line.get(column).length());
      }
    }
    for (List<String> line : lines) {
      StringBuilder text = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        String cell = line.get(column);
        String padding = " ".repeat(widths[column] - cell.length());
        // Words stand at the left, numbers at the right.
        text.append(column == 0 ? "" : GAP).append(column < 5 ? padding + cell : cell + padding);
      }
      out.println(text.toString().stripTrailing());
    }
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
