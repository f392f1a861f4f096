package dev.pare.data;

import dev.pare.candidate.Credentials;
import dev.pare.prepare.Preparation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What may have been meant by a CSV file that does not fit its settings. */
final class CsvAdvice {
  /** What may stand between columns, the likeliest first. */
  private static final char[] SEPARATORS = {';', '\t', '|', ','};

  /** Fewer numbers of an example may count by chance. */
  private static final int FEWEST_NUMBERED = 5;

  private static final Logger LOG = LoggerFactory.getLogger(CsvAdvice.class);

  private final CsvLayout layout;
  private final ClassLabels allowed;
  private final TableColumns table;

  /** Whether that was said of a carriage return. */
  private boolean returned;

  CsvAdvice(CsvLayout layout, ClassLabels allowed, TableColumns table) {
    this.layout = layout;
    this.allowed = allowed;
    this.table = table;
  }

  /** Whether the fields of a line are numbers or missing values, but for a label. */
  boolean looksLikeAnExample(List<String> fields) {
    int numbers = 0;
    int texts = 0;
    for (String text : fields) {
      if (!Float.isNaN(Preparation.finite(text))) {
        numbers++;
      } else if (!Preparation.isMissing(text)) {
        texts++;
      }
    }
    boolean names = fields.size() > 2 && countsColumns(fields);
    return numbers > 0 && texts <= (allowed.areNames() ? 1 : 0) && !names;
  }

  /**
   * Says of a first line of examples that it rather has names of columns, as tools write where none
   * are.
   */
  void numberedColumns(SourceFile file, List<String> fields) {
    if (areNumberedColumns(fields, allowed.areNames() ? 1 : 0)) {
      LOG.warn(
          "{}: the first line is an example, as data.csv.header = false, but counts the columns: are"
              + " these their names?",
          Credentials.inMessage(file.name()));
    }
  }

  /**
   * Whether fields count the columns, as pandas calls those that have no names.
   *
   * @param texts how many of them may be texts, as the label's
   */
  static boolean areNumberedColumns(List<String> fields, int texts) {
    long numbers = fields.stream().filter(text -> !Float.isNaN(Preparation.finite(text))).count();
    return numbers >= FEWEST_NUMBERED && fields.size() - numbers <= texts && countsColumns(fields);
  }

  /** Whether the numbers among the fields are 0, 1, 2 and so on, or begin with 1. */
  private static boolean countsColumns(List<String> fields) {
    double next = Double.NaN;
    for (String text : fields) {
      float value = Preparation.finite(text);
      if (!Float.isNaN(value)) {
        if (Double.isNaN(next) ? value != 0 && value != 1 : value != next) {
          return false;
        }
        next = value + 1.0;
      }
    }
    return true;
  }

  /**
   * Says of a text that it is no number.
   *
   * @param isLabel whether it is in a column of labels
   * @param isFirst whether it is in the file's first line of examples
   */
  String notANumber(String text, boolean isLabel, boolean isFirst) {
    List<String> hints = new ArrayList<>();
    Optional<String> separator = separator(text);
    separator.ifPresent(hints::add);
    if (separator.isEmpty() && isLabel && allowed.areCounted()) {
      hints.add("data.classes = named takes any labels");
    }
    if (separator.isEmpty() && !isLabel && !table.arePlain()) {
      hints.add("data.columns.categorical takes texts");
    }
    if (isFirst && layout.header() == CsvLayout.Header.ABSENT) {
      hints.add("for a line of column names, set data.csv.header");
    }
    return ("\"" + MalformedDataException.printable(text) + "\" is not a finite number")
        + (hints.isEmpty() ? "" : " (" + String.join("; ", hints) + ")");
  }

  /**
   * A text without quotes as it is. Says, of the first such in a file, that a carriage return in it
   * ends no line.
   *
   * @param lines at the text's
   * @param column from 0
   */
  String unquoted(String text, SourceFile file, CsvLines lines, int column) {
    if (!returned && text.indexOf('\r') >= 0) {
      returned = true;
      LOG.warn(
          "{}: line {}, column {}: has a carriage return within a text, which ends no line here, but"
              + " does to pandas: ends of lines that were mixed?",
          Credentials.inMessage(file.name()),
          lines.number(),
          column + 1);
    }
    return text;
  }

  /** Which character stands between numbers instead of the one that is set, if any does. */
  Optional<String> separator(String text) {
    for (char other : SEPARATORS) {
      if (other == layout.separator() || text.indexOf(other) < 0) {
        continue;
      }
      String[] parts = text.split(Pattern.quote(String.valueOf(other)), -1);
      if (other == ',' && parts.length == 2) {
        return Optional.of("decimals have a point, not a comma");
      }
      return Optional.of(
          "data.csv.separator = \"%s\": is it \"%s\"?"
              .formatted(shown(layout.separator()), shown(other)));
    }
    return Optional.empty();
  }

  private static String shown(char separator) {
    return separator == '\t' ? "\\t" : String.valueOf(separator);
  }
}
