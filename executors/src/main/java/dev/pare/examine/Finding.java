package dev.pare.examine;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A table of what was found, with what it says.
 *
 * @param key its name in JSON, in lower case with underscores
 * @param title for people
 * @param note what the numbers are, in a sentence or two
 * @param rows a cell a column, of the type that {@link Kind} names
 */
public record Finding(
    String key, String title, String note, List<Column> columns, List<List<Object>> rows) {
  /** What cells of a column are. */
  public enum Kind {
    /** A {@link String}. */
    TEXT,
    /** An {@link Integer}. */
    COUNT,
    /** A {@link Double} from 0 to 1, for people in percent; NaN where there is none. */
    SHARE,
    /** A {@link Double}; NaN where there is none. */
    NUMBER,
    /** A {@link List} of {@link Integer}s. */
    COUNTS
  }

  /**
   * A column.
   *
   * @param key its name in JSON
   * @param title for people
   */
  public record Column(String key, String title, Kind kind) {
    public Column {
      requireNonNull(key, "key is null");
      requireNonNull(title, "title is null");
      requireNonNull(kind, "kind is null");
    }

    static Column text(String key, String title) {
      return new Column(key, title, Kind.TEXT);
    }

    static Column count(String key, String title) {
      return new Column(key, title, Kind.COUNT);
    }

    static Column share(String key, String title) {
      return new Column(key, title, Kind.SHARE);
    }

    static Column number(String key, String title) {
      return new Column(key, title, Kind.NUMBER);
    }

    /** A cell for people; of a long list the beginning. */
    public String text(Object cell) {
      return switch (kind) {
        case TEXT, COUNT -> cell.toString();
        case SHARE -> number("%.2f%%", 100 * (Double) cell);
        case NUMBER -> withoutLastZeros(number("%.4g", (Double) cell));
        case COUNTS -> list((List<?>) cell);
      };
    }

    /** Of the digits after a point alone: zeros of whole numbers and exponents count. */
    private static String withoutLastZeros(String number) {
      return number.replaceFirst("(\\.\\d*?)0+(?=e|$)", "$1").replaceFirst("\\.(?=e|$)", "");
    }

    private static String number(String format, double value) {
      return Double.isNaN(value) ? "" : String.format(Locale.ROOT, format, value);
    }

    private static String list(List<?> cells) {
      String all =
          cells.stream().limit(MOST_LISTED).map(Object::toString).collect(Collectors.joining(" "));
      return cells.size() > MOST_LISTED ? all + " …" : all;
    }
  }

  /** Numbers of a list that people are shown. */
  private static final int MOST_LISTED = 20;

  public Finding {
    requireNonNull(key, "key is null");
    requireNonNull(title, "title is null");
    requireNonNull(note, "note is null");
    columns = List.copyOf(columns);
    rows = rows.stream().map(List::copyOf).toList();
    for (List<Object> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            key + ": " + row.size() + " cells in " + columns.size() + " columns");
      }
    }
  }

  /** The same with more rows. */
  Finding with(List<List<Object>> more) {
    return new Finding(
        key, title, note, columns, Stream.concat(rows.stream(), more.stream()).toList());
  }
}
