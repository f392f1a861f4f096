package dev.pare.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pare.candidate.Credentials;
import dev.pare.prepare.Preparation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads CSV files: as many columns in every line, finite decimal numbers; blank lines at the end
 * are passed over.
 *
 * <p>Where columns have names or are prepared, there may be texts in columns of categories and
 * missing values, and fields in double quotes (RFC 4180), which may go over several lines. A column
 * without a name is called by its number, from 1.
 */
final class CsvFile {
  private static final Logger LOG = LoggerFactory.getLogger(CsvFile.class);

  private static final String LABEL_MISSING = "the label is missing";

  private final SourceFile file;
  private final CsvLayout layout;
  private final ClassLabels allowed;
  private final TableColumns table;
  private final CsvLines lines;
  private final CsvAdvice advice;

  private List<String> header = List.of();

  /** For each column which feature it is, or which label, as {@link CsvColumns} has it. */
  private int[] roles = {};

  private boolean[] categorical = {};
  private int features;

  /** The numbers of one row's target, where it has several. */
  private float[] target = {};

  private final GrowingFloats values;
  private final GrowingLabels labels = new GrowingLabels();

  /** The end of the field that {@link #fieldEnd} has found, its closing quote left out. */
  private int contentEnd;

  private CsvFile(
      SourceFile file,
      CsvLayout layout,
      ClassLabels allowed,
      TableColumns table,
      GrowingFloats values) {
    this.file = file;
    this.values = values;
    this.layout = layout;
    this.allowed = allowed;
    this.table = table;
    this.lines = new CsvLines(file);
    this.advice = new CsvAdvice(layout, allowed, table);
  }

  /**
   * Reads features, and labels if there are any, from the same lines.
   *
   * @param storage where to have the features
   */
  static ShapedExamples read(
      SourceFile file,
      CsvLayout layout,
      ClassLabels allowed,
      TableColumns table,
      FeatureStorage storage) {
    CsvFile csv = new CsvFile(file, layout, allowed, table, new GrowingFloats(storage));
    csv.readLines();
    int[] labels = csv.labels.toArray();
    return new ShapedExamples(
        csv.values.toExamples(csv.features, labels, allowed.classes(labels)),
        new ExampleShape(csv.features, 1, 1),
        1);
  }

  /** The names of the columns in a file's first line, without spaces and quotes around them. */
  static List<String> names(SourceFile file, CsvLayout layout, TableColumns table) {
    CsvFile csv =
        new CsvFile(file, layout, ClassLabels.ofTraining(), table, GrowingFloats.onHeap());
    List<String> names = csv.lines.next() ? csv.names() : List.of();
    return names.stream().map(name -> name.strip().replaceAll("^\"(.*)\"$", "$1")).toList();
  }

  private void readLines() {
    boolean named = layout.header() == CsvLayout.Header.PRESENT;
    long blankStart = -1;
    long blankNumber = 0;
    while (lines.next()) {
      if (lines.length() == 0) {
        if (blankStart < 0) {
          blankStart = lines.start();
          blankNumber = lines.number();
        }
      } else if (blankStart >= 0) {
        throw file.malformed(
            blankStart, "line " + blankNumber + ": is blank, but the file goes on after it");
      } else if (named) {
        named = false;
        readHeader();
      } else {
        readExample();
      }
    }
    if (labels.size() == 0) {
      throw file.malformed(lines.nextStart(), "the file ends before the first example");
    }
  }

  private void readHeader() {
    if (!table.arePlain()) {
      header = names();
    }
    // What settings name is found there, or they are refused.
    if (!table.namesColumns() && advice.looksLikeAnExample(texts())) {
      LOG.warn(
          "{}: the first line is passed over, as data.csv.header = true, but holds only numbers{}:"
              + " is it an example?",
          Credentials.inMessage(file.name()),
          allowed.areNames() ? " and a label" : "");
    }
  }

  private List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (int start = 0; start <= lines.length(); ) {
      int end = fieldEnd(texts.size(), start);
      texts.add(
          new String(lines.bytes(), start, end - start, ISO_8859_1).replace('"', ' ').strip());
      start = end + 1;
    }
    return texts;
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    int start = 0;
    while (start <= lines.length()) {
      int end = fieldEnd(names.size(), start);
      String name = text(names.size(), start);
      names.add(name.isEmpty() ? Integer.toString(names.size() + 1) : name);
      start = end + 1;
    }
    return names;
  }

  private void readExample() {
    if (labels.size() == 0) {
      resolveColumns();
      if (layout.header() == CsvLayout.Header.ABSENT) {
        advice.numberedColumns(file, texts());
      }
    }
    values.addRow(features);
    int column = 0;
    int start = 0;
    while (start <= lines.length()) {
      int end = fieldEnd(column, start);
      if (column < roles.length) {
        read(column, start);
      }
      column++;
      start = end + 1;
    }
    if (column != roles.length) {
      throw file.malformed(
          lines.start(),
          "line "
              + lines.number()
              + (": has " + column + " columns, those before have " + roles.length));
    }
    if (allowed.areNone()) {
      labels.add(0);
    } else if (target.length > 1) {
      labels.add(allowed.check(target, 1, problem -> malformed(0, 0, problem))[0]);
    }
  }

  private void read(int column, int start) {
    int role = roles[column];
    if (role <= CsvColumns.LABEL && target.length > 1) {
      target[CsvColumns.LABEL - role] = number(column, start);
    } else if (role <= CsvColumns.LABEL) {
      labels.add(label(column, start));
    } else if (role >= 0) {
      values.set(features - role, categorical[role] ? code(column, start) : value(column, start));
    }
  }

  /**
   * Where a field ends: at the separator, or at the end of the line. Sets {@link #contentEnd},
   * which is before that where a quote is closed.
   */
  private int fieldEnd(int column, int start) {
    if (!table.arePlain() && start < lines.length() && lines.bytes()[start] == '"') {
      contentEnd = closingQuote(column, start);
      int end = contentEnd + 1;
      if (end < lines.length() && lines.bytes()[end] != layout.separator()) {
        throw malformed(column, start, "more characters follow the closing quote");
      }
      return end;
    }
    byte[] line = lines.bytes();
    int length = lines.length();
    int end = start;
    while (end < length && line[end] != layout.separator()) {
      end++;
    }
    contentEnd = end;
    return end;
  }

  /** Where the quotes end that a field begins with, on this line or on one after it. */
  private int closingQuote(int column, int start) {
    int at = start + 1;
    while (true) {
      byte[] line = lines.bytes();
      int length = lines.length();
      while (at < length && (line[at] != '"' || at + 1 < length && line[at + 1] == '"')) {
        at += line[at] == '"' ? 2 : 1;
      }
      if (at < length) {
        return at;
      }
      if (!lines.extend()) {
        throw malformed(column, start, "the file ends within quotes");
      }
    }
  }

  /** The first example says how many columns there are, unless a line of names did. */
  private void resolveColumns() {
    int columns = header.size();
    if (columns == 0) {
      int start = 0;
      while (start <= lines.length()) {
        start = fieldEnd(columns++, start) + 1;
      }
    }
    if (columns < 2 && !allowed.areNone()) {
      throw file.malformed(
          lines.start(),
          "line "
              + lines.number()
              + ": has one column, must have a label and features"
              + advice
                  .separator(new String(lines.bytes(), 0, lines.length(), ISO_8859_1))
                  .map(hint -> " (" + hint + ")")
                  .orElse(""));
    }
    if (header.isEmpty()) {
      List<String> numbers = new ArrayList<>();
      for (int i = 1; i <= columns; i++) {
        numbers.add(Integer.toString(i));
      }
      header = numbers;
    }
    String hint =
        layout.header() == CsvLayout.Header.ABSENT && !table.arePlain()
            ? " (for a line of column names, set data.csv.header)"
            : columns > 1
                ? ""
                : advice.separator(header.get(0)).map(problem -> " (" + problem + ")").orElse("");
    Function<String, MalformedDataException> malformed =
        problem -> file.malformed(lines.start(), "line " + lines.number() + ": " + problem + hint);
    CsvColumns meaning = CsvColumns.of(header, layout, allowed, table, malformed);
    roles = meaning.roles();
    categorical = meaning.categorical();
    features = categorical.length;
    target = new float[meaning.labels()];
  }

  /** One number of a target. */
  private float number(int column, int from) {
    String text = text(column, from);
    if (Preparation.isMissing(text)) {
      throw malformed(column, from, LABEL_MISSING);
    }
    float value = Preparation.finite(text);
    if (Float.isNaN(value)) {
      throw malformed(
          column,
          from,
          "target " + MalformedDataException.printable(text) + ": is not a finite float");
    }
    return value;
  }

  /** As exact as it is written: a float would round what is next to an integer. */
  private int label(int column, int from) {
    if (!allowed.areNames()) {
      number(column, from, contentEnd);
    }
    String text =
        allowed.areNames()
            ? text(column, from)
            : new String(lines.bytes(), from, contentEnd - from, ISO_8859_1).strip();
    if (allowed.areNames() && Preparation.isMissing(text)) {
      throw malformed(column, from, LABEL_MISSING);
    }
    return allowed.check(text, problem -> malformed(column, from, problem));
  }

  private float value(int column, int from) {
    int to = contentEnd;
    float read = table.arePlain() ? number(column, from, to) : prepared(column, from);
    if (Math.abs(read) >= MergedNumbers.INEXACT) {
      String text = new String(lines.bytes(), from, to - from, ISO_8859_1).replace('"', ' ');
      table.merged().add(roles[column], Double.parseDouble(text));
    }
    return read;
  }

  private float prepared(int column, int from) {
    String text = text(column, from);
    if (Preparation.isMissing(text)) {
      missing(column, from);
      return Float.NaN;
    }
    float value = Preparation.finite(text);
    if (Float.isNaN(value)) {
      throw notANumber(column, from, text);
    }
    return value;
  }

  private float code(int column, int from) {
    String text = text(column, from);
    if (Preparation.isMissing(text)) {
      missing(column, from);
      return TableColumns.NO_CODE;
    }
    return table.code(roles[column], text, problem -> malformed(column, from, problem));
  }

  private void missing(int column, int from) {
    if (table.refuseMissing()) {
      throw malformed(
          column, from, "the value is missing; data.missing says what may stand for it");
    }
  }

  /** What a field holds as text, without blanks around it. */
  private String text(int column, int start) {
    byte[] line = lines.bytes();
    boolean quoted = !table.arePlain() && start < lines.length() && line[start] == '"';
    int from = quoted ? start + 1 : start;
    String text = new String(line, from, contentEnd - from, UTF_8).strip();
    if (text.indexOf('\uFFFD') >= 0) {
      throw malformed(column, start, "is not UTF-8");
    }
    return quoted ? text.replace("\"\"", "\"") : advice.unquoted(text, file, lines, column);
  }

  private float number(int column, int from, int to) {
    byte[] line = lines.bytes();
    int start = from;
    int end = to;
    while (start < end && line[start] == ' ') {
      start++;
    }
    while (start < end && line[end - 1] == ' ') {
      end--;
    }
    if (start == end) {
      throw malformed(column, from, "is empty");
    }
    float value = PlainNumber.of(line, start, end);
    if (Float.isNaN(value)) {
      String text = new String(line, start, end - start, ISO_8859_1);
      throw notANumber(column, start, text);
    }
    return value;
  }

  private MalformedDataException notANumber(int column, int at, String text) {
    return malformed(
        column, at, advice.notANumber(text, roles[column] <= CsvColumns.LABEL, labels.size() == 0));
  }

  private MalformedDataException malformed(int column, int at, String problem) {
    String name = column < header.size() ? header.get(column) : "";
    String called = name.isEmpty() || name.equals("" + (column + 1)) ? "" : " (" + name + ")";
    return file.malformed(
        lines.start() + at,
        "line " + lines.number() + ", column " + (column + 1) + called + ": " + problem);
  }
}
