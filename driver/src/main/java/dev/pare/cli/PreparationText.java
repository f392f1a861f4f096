package dev.pare.cli;

import dev.pare.prepare.Column;
import dev.pare.prepare.Preparation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A preparation for people. */
final class PreparationText {
  private static final int MOST_LISTED = 100;

  private PreparationText() {}

  /** A line of class names, if they have any, and a line for each of the first columns. */
  static List<String> lines(Preparation preparation) {
    List<String> lines = new ArrayList<>();
    if (!preparation.classes().isEmpty()) {
      lines.add("classes: " + listed(preparation.classes()));
    }
    List<Column> columns = preparation.columns();
    columns.stream().limit(MOST_LISTED).map(PreparationText::line).forEach(lines::add);
    if (columns.size() > MOST_LISTED) {
      lines.add("… (" + columns.size() + " columns in all)");
    }
    return lines;
  }

  private static String line(Column column) {
    String start = "column " + column.name() + ": ";
    return switch (column.kind()) {
      case NUMERIC -> start + numeric((Column.Numeric) column);
      case CATEGORICAL -> {
        Column.Categorical categorical = (Column.Categorical) column;
        yield start
            + ("one of " + listed(categorical.categories()))
            + switch (categorical.others()) {
              case REFUSED -> "; others are refused";
              case ZEROS -> "; zeros for others";
            };
      }
    };
  }

  private static String numeric(Column.Numeric column) {
    String text = "number";
    if (column.mean() != 0 || column.deviation() != 1) {
      text +=
          String.format(Locale.ROOT, ", mean %s, deviation %s", column.mean(), column.deviation());
    }
    return text + (column.fills() ? ", " + column.fill() + " where missing" : "");
  }

  private static String listed(List<String> texts) {
    String listed = String.join(", ", texts.subList(0, Math.min(MOST_LISTED, texts.size())));
    return texts.size() > MOST_LISTED ? listed + ", … (" + texts.size() + " in all)" : listed;
  }
}
