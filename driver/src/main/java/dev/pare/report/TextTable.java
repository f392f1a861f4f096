package dev.pare.report;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Rows of cells, as aligned columns for a terminal or as a table in Markdown. */
public final class TextTable {
  private static final String GAP = "  ";

  private final List<Column> columns;
  private final List<List<String>> rows = new ArrayList<>();

  /** Where a column's cells stand. */
  public enum Side {
    LEFT,
    RIGHT
  }

  /** A column and its title. */
  public record Column(String title, Side side) {
    public Column {
      requireNonNull(title, "title is null");
      requireNonNull(side, "side is null");
    }

    /** Of words. */
    public static Column left(String title) {
      return new Column(title, Side.LEFT);
    }

    /** Of numbers. */
    public static Column right(String title) {
      return new Column(title, Side.RIGHT);
    }
  }

  public TextTable(List<Column> columns) {
    this.columns = List.copyOf(columns);
  }

  /** Adds a row, a cell a column. */
  public void add(List<String> cells) {
    if (cells.size() != columns.size()) {
      throw new IllegalArgumentException(cells.size() + " cells in " + columns.size() + " columns");
    }
    rows.add(List.copyOf(cells));
  }

  /** Prints the titles, then a line a row. */
  public void print(PrintWriter out) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(columns.stream().map(Column::title).toList());
    lines.addAll(rows);
    int[] widths = new int[columns.size()];
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
        boolean left = columns.get(column).side() == Side.LEFT;
        text.append(column == 0 ? "" : GAP).append(left ? cell + padding : padding + cell);
      }
      out.println(text.toString().stripTrailing());
    }
    out.flush();
  }

  /** Prints the same as GitHub's Markdown. */
  public void printMarkdown(PrintWriter out) {
    out.println(markdown(columns.stream().map(Column::title).toList()));
    out.println(
        markdown(columns.stream().map(c -> c.side() == Side.LEFT ? "---" : "---:").toList()));
    rows.forEach(row -> out.println(markdown(row)));
    out.flush();
  }

  private static String markdown(List<String> cells) {
    List<String> escaped = cells.stream().map(cell -> cell.replace("|", "\\|")).toList();
    return "| " + String.join(" | ", escaped) + " |";
  }
}
