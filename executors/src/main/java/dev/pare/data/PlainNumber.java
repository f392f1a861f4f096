package dev.pare.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.pare.prepare.Preparation;

/** Decimal numbers in lines of text. */
final class PlainNumber {
  /** Integers up to this many digits are exact as floats. */
  private static final int EXACT_DIGITS = 7;

  private PlainNumber() {}

  /** The number that bytes spell; NaN if they spell none that is finite. */
  static float of(byte[] line, int start, int end) {
    int whole = 0;
    int i = start;
    while (i < end && line[i] >= '0' && line[i] <= '9' && i - start < EXACT_DIGITS) {
      whole = whole * 10 + line[i++] - '0';
    }
    return i == end ? whole : Preparation.finite(new String(line, start, end - start, ISO_8859_1));
  }
}
