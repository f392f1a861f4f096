package dev.pare.report;

import dev.pare.candidate.Metric;
import dev.pare.importance.Importance;
import dev.pare.importance.Importance.Effect;
import dev.pare.report.TextTable.Column;
import java.util.List;
import java.util.Locale;

/** Which settings mattered, as a table: shares of variance in percent. */
public final class ImportanceTable {
  private ImportanceTable() {}

  /**
   * A row a setting, one for each of the largest pairs of them, and one for the rest.
   *
   * @param importance that is known
   * @param metric what the candidates are judged by
   */
  public static TextTable of(Importance importance, Metric metric) {
    TextTable table =
        new TextTable(
            List.of(
                Column.left("setting"),
                Column.right("size %"),
                Column.right("validation " + metric + " %")));
    importance.alone().forEach(effect -> table.add(line(effect)));
    importance.largestPairs().forEach(effect -> table.add(line(effect)));
    table.add(line(importance.rest()));
    return table;
  }

  private static List<String> line(Effect effect) {
    String name =
        effect.settings().isEmpty()
            ? "other interactions, and chance"
            : String.join(" × ", effect.settings());
    return List.of(name, percent(effect.size()), percent(effect.quality()));
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f", 100 * share);
  }

  /** What the shares are of, in a sentence. */
  public static String note(Importance importance, Metric metric) {
    return "Shares of the variance of log2(bytes) and of validation %s over all combinations of values, from %d measured candidates%s."
        .formatted(
            metric,
            importance.candidates(),
            importance.leftOut() == 0
                ? ""
                : "; %d with a value that no other has are left out"
                    .formatted(importance.leftOut()));
  }
}
