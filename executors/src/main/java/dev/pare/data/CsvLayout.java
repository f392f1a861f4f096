package dev.pare.data;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * How a CSV file of numbers is laid out. One line is one example; one column is its label, the
 * others are features in their order.
 *
 * @param header whether the first line names the columns
 * @param labelColumn the label's column from 0; negative counts from the end, −1 is the last; null
 *     where all columns are features
 * @param separator what stands between two columns: an ASCII character that numbers do not use
 */
public record CsvLayout(Header header, @Nullable Integer labelColumn, char separator)
    implements Serializable {
  public CsvLayout {
    requireNonNull(header, "header is null");
    boolean printable = separator == '\t' || (separator >= ' ' && separator <= '~');
    if (!printable || Character.isLetterOrDigit(separator) || "+-.\"".indexOf(separator) >= 0) {
      throw new IllegalArgumentException(
          String.format(
              "data.csv.separator = %s: must be one ASCII character that numbers do not use",
              printable ? "\"" + separator + "\"" : "U+%04X".formatted((int) separator)));
    }
  }

  /** Whether a file has a line of column names before its examples. */
  public enum Header {
    PRESENT,
    ABSENT
  }
}
