package dev.pare.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pare.data.FilePaths.Folders;
import dev.pare.prepare.Preparation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/**
 * The first lines of a CSV file of which nothing is known but its place.
 *
 * @param separator what stands most often between the fields of the first line: a comma, semicolon,
 *     tab or vertical bar
 * @param names of the columns: the first line's fields, if none of them is a number or missing, or
 *     all but one count the columns, as pandas calls those that have no names; else empty
 * @param rows fields of the lines that follow, without quotes and spaces around them
 */
public record CsvHead(char separator, List<String> names, List<List<String>> rows) {
  private static final int MOST_ROWS = 1000;

  /** Of all lines but the last one. */
  private static final long MOST_BYTES = 1 << 22;

  private static final String SEPARATORS = ",;\t|";

  public CsvHead {
    names = List.copyOf(names);
    rows = rows.stream().map(List::copyOf).toList();
  }

  /**
   * Reads them.
   *
   * @param key what names the place, for messages
   * @param location a file, or a folder or pattern of several, whose first one is read
   * @throws DataException if there is none, or it cannot be read
   */
  public static CsvHead read(String key, String location, Configuration hadoop) {
    String first = FilePaths.of(key, location, Folders.FILES_IN_THEM, hadoop).get(0);
    List<String> lines = new ArrayList<>();
    try (SourceFile file = SourceFile.open(key, first, hadoop)) {
      CsvLines source = new CsvLines(file);
      long left = MOST_BYTES;
      while (lines.size() <= MOST_ROWS && left > 0 && source.next()) {
        lines.add(new String(source.bytes(), 0, source.length(), UTF_8));
        left -= source.length();
      }
    }
    if (lines.isEmpty()) {
      throw new DataException(key + " = " + location + ": the file is empty");
    }
    char separator = separator(lines.get(0));
    List<List<String>> rows = new ArrayList<>();
    for (String line : lines) {
      if (!line.isEmpty()) {
        rows.add(fields(line, separator));
      }
    }
    boolean named =
        rows.size() > 1
            && (rows.get(0).stream().allMatch(CsvHead::isName) || countsButForALabel(rows));
    return named
        ? new CsvHead(separator, rows.get(0), rows.subList(1, rows.size()))
        : new CsvHead(separator, List.of(), rows);
  }

  /** Whether the first line counts the columns, but for a name that no other line has. */
  private static boolean countsButForALabel(List<List<String>> rows) {
    List<String> first = rows.get(0);
    List<Integer> texts =
        IntStream.range(0, first.size()).filter(i -> isName(first.get(i))).boxed().toList();
    if (texts.size() != 1 || !CsvAdvice.areNumberedColumns(first, 1)) {
      return false;
    }
    int label = texts.get(0);
    return rows.stream()
        .skip(1)
        .noneMatch(row -> label < row.size() && row.get(label).equals(first.get(label)));
  }

  private static boolean isName(String field) {
    return !Preparation.isMissing(field) && Float.isNaN(Preparation.finite(field));
  }

  private static char separator(String line) {
    char best = SEPARATORS.charAt(0);
    for (int i = 1; i < SEPARATORS.length(); i++) {
      char each = SEPARATORS.charAt(i);
      best = fields(line, each).size() > fields(line, best).size() ? each : best;
    }
    return best;
  }

  /**
   * A field that goes on in the next line ends with this one: what is looked at are single lines.
   */
  private static List<String> fields(String line, char separator) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char character = line.charAt(i);
      if (character == '"') {
        quoted = !quoted;
      } else if (character == separator && !quoted) {
        fields.add(field.toString().strip());
        field.setLength(0);
      } else {
        field.append(character);
      }
    }
    fields.add(field.toString().strip());
    return fields;
  }
}
