package dev.pare.report.card;

import dev.pare.examine.Finding;
import dev.pare.report.PrintableText;
import dev.pare.report.TextTable;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** A card as GitHub's Markdown. */
final class CardMarkdown {
  private CardMarkdown() {}

  static String of(ModelCard card) {
    StringBuilder text = new StringBuilder();
    text.append("# ").append(escaped(card.title())).append("\n");
    for (ModelCard.Facts facts : card.facts()) {
      text.append("\n## ").append(facts.title()).append("\n\n");
      TextTable table =
          new TextTable(List.of(TextTable.Column.left("what"), TextTable.Column.left("value")));
      facts
          .values()
          .forEach(
              (name, value) -> table.add(List.of(escaped(name.replace('_', ' ')), cell(value))));
      text.append(markdown(table));
    }
    for (Finding finding : card.findings()) {
      text.append("\n## ").append(escaped(finding.title())).append("\n\n");
      text.append(escaped(finding.note())).append("\n");
      if (!finding.rows().isEmpty()) {
        text.append("\n").append(markdown(FindingTable.of(finding, CardMarkdown::escaped)));
      }
    }
    text.append("\n## Limits\n\n");
    card.limits().forEach(limit -> text.append("- ").append(escaped(limit)).append("\n"));
    return text.toString();
  }

  private static String cell(Object value) {
    return value instanceof List<?> list
        ? String.join("<br>", list.stream().map(each -> escaped(each.toString())).toList())
        : escaped(value.toString());
  }

  private static String markdown(TextTable table) {
    StringWriter out = new StringWriter();
    table.printMarkdown(new PrintWriter(out));
    return out.toString().replace(System.lineSeparator(), "\n");
  }

  /**
   * A text that is neither markup nor more than a line, whatever a configuration or a file holds.
   * TextTable takes care of what ends a cell.
   */
  static String escaped(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    for (char c : PrintableText.of(text).toCharArray()) {
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '\\', '`', '*', '_', '[', ']', '!', '#', '~', '$', '@' ->
            escaped.append('\\').append(c);
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }
}
