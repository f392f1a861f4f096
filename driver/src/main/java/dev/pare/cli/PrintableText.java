package dev.pare.cli;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;

/**
 * Text that cannot steer a terminal: names in files and configurations may hold escape sequences.
 * Control characters other than line ends and tabs, and those that reorder what follows, become
 * question marks.
 */
final class PrintableText {
  private PrintableText() {}

  static String of(String text) {
    StringBuilder printable = new StringBuilder(text.length());
    text.chars().forEach(character -> printable.append(of(character)));
    return printable.toString();
  }

  /** Writes the like to another writer. */
  static PrintWriter writer(Writer out) {
    return new PrintWriter(new Printable(out), true);
  }

  private static char of(int character) {
    boolean layout = character == '\n' || character == '\t';
    boolean steers =
        Character.isISOControl(character)
            || character == '\u200E'
            || character == '\u200F'
            || (character >= '\u202A' && character <= '\u202E')
            || (character >= '\u2066' && character <= '\u2069');
    return steers && !layout ? '?' : (char) character;
  }

  private static final class Printable extends FilterWriter {
    Printable(Writer out) {
      super(out);
    }

    @Override
    public void write(int character) throws IOException {
      out.write(of(character));
    }

    @Override
    public void write(char[] text, int from, int length) throws IOException {
      out.write(of(new String(text, from, length)));
    }

    @Override
    public void write(String text, int from, int length) throws IOException {
      out.write(of(text.substring(from, from + length)));
    }
  }
}
