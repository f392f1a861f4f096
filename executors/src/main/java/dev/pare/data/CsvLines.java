package dev.pare.data;

import java.util.Arrays;

/**
 * The lines of a file, which end with LF or CRLF; a UTF-8 byte order mark is passed over. A line
 * can be continued by the next one. None may be longer than 64 MiB: some gzipped kilobytes can be a
 * line of gigabytes.
 */
final class CsvLines {
  private static final int LONGEST = 1 << 26;

  private final SourceFile file;
  private final byte[] buffer = new byte[1 << 16];
  private int bufferPosition;
  private int bufferLimit;

  private byte[] line = new byte[1 << 10];
  private int length;
  private long start;
  private long nextStart;
  private long number;
  private long nextNumber = 1;

  /** What the line ended with, beside the bytes that it has. */
  private boolean newline;

  private boolean carriageReturn;

  CsvLines(SourceFile file) {
    this.file = file;
  }

  /** Holds the line's bytes in its first {@link #length()}; another array after {@link #next}. */
  byte[] bytes() {
    return line;
  }

  int length() {
    return length;
  }

  /** Where in the file the line starts. */
  long start() {
    return start;
  }

  /** Where in the file the next line would start. */
  long nextStart() {
    return nextStart;
  }

  /** The line's number, from 1; of several the first one's. */
  long number() {
    return number;
  }

  /** Reads the next line, without its end and a byte order mark; false at the end of the file. */
  boolean next() {
    start = nextStart;
    length = 0;
    number = nextNumber;
    if (!append()) {
      return false;
    }
    if (number == 1) {
      dropByteOrderMark();
    }
    return true;
  }

  /** Adds the next line, and what is between the two; false at the end of the file. */
  boolean extend() {
    if (!newline) {
      return false;
    }
    if (carriageReturn) {
      append(new byte[] {'\r'}, 0, 1);
    }
    append(new byte[] {'\n'}, 0, 1);
    return append();
  }

  /** Appends what is up to the next line end, or the end of the file; false if there is nothing. */
  private boolean append() {
    int before = length;
    newline = false;
    while (!newline && (bufferPosition < bufferLimit || fill())) {
      int end = bufferPosition;
      while (end < bufferLimit && buffer[end] != '\n') {
        end++;
      }
      append(buffer, bufferPosition, end);
      newline = end < bufferLimit;
      bufferPosition = newline ? end + 1 : end;
    }
    if (!newline && length == before) {
      return false;
    }
    nextStart += length - before + (newline ? 1 : 0);
    nextNumber++;
    carriageReturn = length > before && line[length - 1] == '\r';
    length -= carriageReturn ? 1 : 0;
    return true;
  }

  private boolean fill() {
    bufferPosition = 0;
    bufferLimit = file.read(buffer, 0, buffer.length);
    return bufferLimit > 0;
  }

  private void append(byte[] source, int from, int to) {
    int count = to - from;
    if (count > LONGEST - length) {
      throw file.malformed(start, "line " + number + ": is longer than " + LONGEST + " bytes");
    }
    if (length + count > line.length) {
      line = Arrays.copyOf(line, Math.max(2 * line.length, length + count));
    }
    System.arraycopy(source, from, line, length, count);
    length += count;
  }

  private void dropByteOrderMark() {
    if (length >= 3 && line[0] == (byte) 0xEF && line[1] == (byte) 0xBB && line[2] == (byte) 0xBF) {
      length -= 3;
      start += 3;
      System.arraycopy(line, 3, line, 0, length);
    }
  }
}
