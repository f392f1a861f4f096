package dev.pare.report.card;

import dev.pare.examine.Finding;
import dev.pare.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A finding as a table: words to the left, numbers to the right. */
public final class FindingTable {
  private FindingTable() {}

  /** Texts as they are, for who prints them safely. */
  public static TextTable of(Finding finding) {
    return of(finding, text -> text);
  }

  /**
   * With titles and cells as some form has them.
   *
   * @param written what a text is there
   */
  static TextTable of(Finding finding, UnaryOperator<String> written) {
    TextTable table =
        new TextTable(
            finding.columns().stream()
                .map(column -> column(column.kind(), written.apply(column.title())))
                .toList());
    for (List<Object> row : finding.rows()) {
      List<String> cells = new ArrayList<>();
      for (int c = 0; c < row.size(); c++) {
        cells.add(written.apply(finding.columns().get(c).text(row.get(c))));
      }
      table.add(cells);
    }
    return table;
  }

  private static TextTable.Column column(Finding.Kind kind, String title) {
    return switch (kind) {
      case TEXT, COUNTS -> TextTable.Column.left(title);
      case COUNT, SHARE, NUMBER -> TextTable.Column.right(title);
    };
  }
}
