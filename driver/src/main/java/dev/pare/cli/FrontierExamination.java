package dev.pare.cli;

import dev.pare.examine.Finding;
import dev.pare.report.TextTable;
import dev.pare.report.TextTable.Column;
import dev.pare.report.card.ModelCard;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The most telling numbers of several cards, a line each. */
final class FrontierExamination {
  /**
   * A number of a card.
   *
   * @param key of the finding
   * @param row which one of its rows; −1 for the last
   */
  private record Shown(String title, String key, int row, String column) {}

  private static final List<Shown> SHOWN =
      List.of(
          new Shown("test error", "error", 1, "error"),
          new Shown("p", "error", 1, "p"),
          new Shown("as the teacher", "agreement", 0, "agreement"),
          new Shown("lost", "changes", 0, "examples"),
          new Shown("won", "changes", 1, "examples"),
          new Shown("calibration error", "confidence", 1, "calibration_error"),
          // The last radius, and the file's row of it.
          new Shown("attacked within", "attacks", -1, "any"));

  private FrontierExamination() {}

  static void print(List<ModelCard> cards, PrintWriter out) {
    List<Column> columns = new ArrayList<>();
    SHOWN.forEach(shown -> columns.add(Column.right(title(cards, shown))));
    columns.add(Column.left("file"));
    TextTable table = new TextTable(columns);
    for (ModelCard card : cards) {
      List<String> cells = new ArrayList<>();
      SHOWN.forEach(shown -> cells.add(cell(card, shown)));
      cells.add(card.title());
      table.add(cells);
    }
    table.print(out);
  }

  /** Attacks are nothing without their radius. */
  private static String title(List<ModelCard> cards, Shown shown) {
    return shown.key().equals("attacks") && !cards.isEmpty()
        ? shown.title()
            + (" " + cell(cards.get(0), new Shown("radius", "attacks", shown.row(), "radius")))
                .stripTrailing()
        : shown.title();
  }

  private static String cell(ModelCard card, Shown shown) {
    Optional<Finding> finding =
        card.findings().stream().filter(each -> each.key().equals(shown.key())).findFirst();
    if (finding.isEmpty()) {
      return "";
    }
    List<Finding.Column> columns = finding.get().columns();
    for (int c = 0; c < columns.size(); c++) {
      if (columns.get(c).key().equals(shown.column())) {
        List<List<Object>> rows = finding.get().rows();
        return columns.get(c).text(rows.get(Math.floorMod(shown.row(), rows.size())).get(c));
      }
    }
    throw new IllegalStateException(shown + " is not among " + columns);
  }
}
