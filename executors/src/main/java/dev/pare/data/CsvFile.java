package dev.pare.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.pare.candidate.Credentials;
import java.math.BigDecimal;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads CSV files of numbers: as many columns in every line, finite decimal numbers, no quotes.
 * Lines end with LF or CRLF; a UTF-8 byte order mark and blank lines at the end are passed over.
 */
final class CsvFile {
  private static final Logger LOG = LoggerFactory.getLogger(CsvFile.class);

  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  /** In bytes: some gzipped kilobytes can be a line of gigabytes. */
  private static final int LONGEST_LINE = 1 << 26;

  private static final int LONGEST_LABEL = 100;

  /** Integers up to this many digits are exact as floats. */
  private static final int EXACT_DIGITS = 7;

  private final SourceFile file;
  private final CsvLayout layout;
  private final ClassLabels allowed;

  private final byte[] buffer = new byte[1 << 16];
  private int bufferPosition;
  private int bufferLimit;

  private byte[] line = new byte[1 << 10];
  private int lineLength;
  private long lineStart;
  private long nextLineStart;
  private long lineNumber;

  private int columns;
  private int labelColumn;
  private float[] values = new float[1 << 10];
  private int valueCount;
  private int[] labels = new int[1 << 6];
  private int labelCount;

  private CsvFile(SourceFile file, CsvLayout layout, ClassLabels allowed) {
    this.file = file;
    this.layout = layout;
    this.allowed = allowed;
  }

  /** Reads labels and features from the same lines; all labels are 0 where there is no column. */
  static ShapedExamples read(SourceFile file, CsvLayout layout, ClassLabels allowed) {
    CsvFile csv = new CsvFile(file, layout, allowed);
    csv.readLines();
    int[] labels = Arrays.copyOf(csv.labels, csv.labelCount);
    float[] values = Arrays.copyOf(csv.values, csv.valueCount);
    int features = csv.features();
    return new ShapedExamples(
        new FloatExamples(values, features, labels, allowed.classes(labels)),
        new ExampleShape(features, 1, 1),
        1);
  }

  private void readLines() {
    boolean header = layout.header() == CsvLayout.Header.PRESENT;
    long blankStart = -1;
    long blankNumber = 0;
    while (nextLine()) {
      if (lineLength == 0) {
        if (blankStart < 0) {
          blankStart = lineStart;
          blankNumber = lineNumber;
        }
      } else if (blankStart >= 0) {
        throw file.malformed(
            blankStart, "line " + blankNumber + ": is blank, but the file goes on after it");
      } else if (header) {
        header = false;
        if (holdsNumbersOnly()) {
          LOG.warn(
              "{}: the first line is passed over, as data.csv.header = true, but holds only numbers:"
                  + " is it an example?",
              Credentials.inMessage(file.name()));
        }
      } else {
        readExample();
      }
    }
    if (labelCount == 0) {
      throw file.malformed(nextLineStart, "the file ends before the first example");
    }
  }

  private void readExample() {
    if (labelCount == 0) {
      resolveLabelColumn();
    }
    growFor(features());
    int column = 0;
    int start = 0;
    while (start <= lineLength) {
      int end = start;
      while (end < lineLength && line[end] != layout.separator()) {
        end++;
      }
      if (column < columns) {
        if (column == labelColumn) {
          labels[labelCount] =
              allowed.check(label(column, start, end), file, lineStart + start, place(column));
        } else {
          values[valueCount++] = number(column, start, end);
        }
      }
      column++;
      start = end + 1;
    }
    if (column != columns) {
      throw file.malformed(
          lineStart,
          "line " + lineNumber + ": has " + column + " columns, those before have " + columns);
    }
    labelCount++;
  }

  private int features() {
    return labelColumn < 0 ? columns : columns - 1;
  }

  private boolean holdsNumbersOnly() {
    for (int i = 0; i < lineLength; i++) {
      if (line[i] != layout.separator() && " +-.0123456789eE".indexOf(line[i]) < 0) {
        return false;
      }
    }
    return true;
  }

  /** The first example says how many columns there are. */
  private void resolveLabelColumn() {
    columns = 1;
    for (int i = 0; i < lineLength; i++) {
      columns += line[i] == layout.separator() ? 1 : 0;
    }
    Integer configured = layout.labelColumn();
    if (configured == null) {
      labelColumn = -1;
      return;
    }
    if (columns < 2) {
      throw file.malformed(
          lineStart, "line " + lineNumber + ": has one column, must have a label and features");
    }
    labelColumn = configured < 0 ? columns + configured : configured;
    if (labelColumn < 0 || labelColumn >= columns) {
      throw file.malformed(
          lineStart,
          ("line " + lineNumber + ": has " + columns + " columns, but data.csv.label-column = ")
              + configured);
    }
  }

  /** As exact as it is written: a float would round what is next to an integer. */
  private BigDecimal label(int column, int from, int to) {
    number(column, from, to);
    String text = new String(line, from, to - from, ISO_8859_1).strip();
    if (text.length() > LONGEST_LABEL) {
      throw file.malformed(
          lineStart + from,
          place(column) + "a label of " + text.length() + " characters: at most " + LONGEST_LABEL);
    }
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw file.malformed(
          lineStart + from, place(column) + "the label " + text + " is no number that can be held");
    }
  }

  private float number(int column, int from, int to) {
    int start = from;
    int end = to;
    while (start < end && line[start] == ' ') {
      start++;
    }
    while (start < end && line[end - 1] == ' ') {
      end--;
    }
    if (start == end) {
      throw file.malformed(lineStart + from, place(column) + "is empty");
    }
    int whole = 0;
    int i = start;
    while (i < end && line[i] >= '0' && line[i] <= '9' && i - start < EXACT_DIGITS) {
      whole = whole * 10 + line[i++] - '0';
    }
    return i == end ? whole : decimal(column, start, end);
  }

  private float decimal(int column, int start, int end) {
    String text = new String(line, start, end - start, ISO_8859_1);
    float value;
    try {
      // Float.parseFloat also reads NaN, Infinity, hexadecimal and type suffixes.
      value =
          text.chars().allMatch(c -> "0123456789+-.eE".indexOf(c) >= 0)
              ? Float.parseFloat(text)
              : Float.NaN;
    } catch (NumberFormatException e) {
      value = Float.NaN;
    }
    if (!Float.isFinite(value)) {
      boolean first = labelCount == 0 && layout.header() == CsvLayout.Header.ABSENT;
      throw file.malformed(
          lineStart + start,
          (place(column) + "\"" + printable(text) + "\" is not a finite number")
              + (first ? " (for a line of column names, set data.csv.header)" : ""));
    }
    return value;
  }

  private String place(int column) {
    return "line " + lineNumber + ", column " + (column + 1) + ": ";
  }

  private static String printable(String text) {
    String shortened = text.length() > 40 ? text.substring(0, 40) + "…" : text;
    return shortened.replaceAll("[^ -~…]", "?");
  }

  private void growFor(int features) {
    if (features > LONGEST_ARRAY - valueCount) {
      throw file.malformed(
          lineStart, "line " + lineNumber + ": more than " + LONGEST_ARRAY + " values");
    }
    if (valueCount + features > values.length) {
      values = Arrays.copyOf(values, grown(values.length, valueCount + features));
    }
    if (labelCount == labels.length) {
      labels = Arrays.copyOf(labels, grown(labels.length, labelCount + 1));
    }
  }

  private static int grown(int length, int needed) {
    return (int) Math.min(LONGEST_ARRAY, Math.max(2L * length, needed));
  }

  /** Reads the next line, without its end and a byte order mark; false at the end of the file. */
  private boolean nextLine() {
    lineStart = nextLineStart;
    lineLength = 0;
    boolean ended = false;
    while (!ended && (bufferPosition < bufferLimit || fill())) {
      int end = bufferPosition;
      while (end < bufferLimit && buffer[end] != '\n') {
        end++;
      }
      append(bufferPosition, end);
      ended = end < bufferLimit;
      bufferPosition = ended ? end + 1 : end;
    }
    if (!ended && lineLength == 0) {
      return false;
    }
    nextLineStart += lineLength + (ended ? 1 : 0);
    lineNumber++;
    if (lineLength > 0 && line[lineLength - 1] == '\r') {
      lineLength--;
    }
    if (lineNumber == 1) {
      dropByteOrderMark();
    }
    return true;
  }

  private boolean fill() {
    bufferPosition = 0;
    bufferLimit = file.read(buffer, 0, buffer.length);
    return bufferLimit > 0;
  }

  private void append(int from, int to) {
    int count = to - from;
    if (count > LONGEST_LINE - lineLength) {
      throw file.malformed(
          lineStart, "line " + (lineNumber + 1) + ": is longer than " + LONGEST_LINE + " bytes");
    }
    if (lineLength + count > line.length) {
      line = Arrays.copyOf(line, grown(line.length, lineLength + count));
    }
    System.arraycopy(buffer, from, line, lineLength, count);
    lineLength += count;
  }

  private void dropByteOrderMark() {
    if (lineLength >= 3
        && line[0] == (byte) 0xEF
        && line[1] == (byte) 0xBB
        && line[2] == (byte) 0xBF) {
      lineLength -= 3;
      lineStart += 3;
      System.arraycopy(line, 3, line, 0, lineLength);
    }
  }
}
