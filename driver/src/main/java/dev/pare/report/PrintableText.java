package dev.pare.report;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Arrays;
import java.util.Locale;

/**
 * Text that can neither steer a terminal nor pass for another line: names in files and
 * configurations may hold escape sequences and line ends. Control characters, separators of lines
 * and invisible characters, such as those that reorder what follows, become question marks.
 */
public final class PrintableText {
  private PrintableText() {}

  /** In one line. */
  public static String of(String text) {
    return shown(text, false);
  }

  /** The like, whose own line ends and tabs stay. */
  public static String lines(String text) {
    return shown(text, true);
  }

  /**
   * Writes the like to another writer: a text that is printed as a line, and each value that is
   * formatted, stays in one; what is printed by {@code print} keeps its lines.
   */
  public static PrintWriter writer(Writer out) {
    return new Lines(new Printable(out));
  }

  private static String shown(String text, boolean layout) {
    StringBuilder printable = new StringBuilder(text.length());
    text.chars()
        .forEach(
            character -> {
              boolean stays =
                  layout && (character == '\n' || character == '\t') || !steers(character);
              printable.append(stays ? (char) character : '?');
            });
    return printable.toString();
  }

  private static boolean steers(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
              Character.FORMAT,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  private static final class Lines extends PrintWriter {
    Lines(Writer out) {
      super(out, true);
    }

    @Override
    public void println(String line) {
      super.println(of(String.valueOf(line)));
    }

    @Override
    public void println(Object line) {
      println(String.valueOf(line));
    }

    @Override
    public PrintWriter format(String format, Object... values) {
      return super.format(format, printable(values));
    }

    @Override
    public PrintWriter format(Locale locale, String format, Object... values) {
      return super.format(locale, format, printable(values));
    }

    private static Object[] printable(Object... values) {
      return Arrays.stream(values)
          .map(value -> value instanceof Number ? value : of(String.valueOf(value)))
          .toArray();
    }
  }

  private static final class Printable extends FilterWriter {
    Printable(Writer out) {
      super(out);
    }

    @Override
    public void write(int character) throws IOException {
      out.write(lines(Character.toString(character)));
    }

    @Override
    public void write(char[] text, int from, int length) throws IOException {
      out.write(lines(new String(text, from, length)));
    }

    @Override
    public void write(String text, int from, int length) throws IOException {
      out.write(lines(text.substring(from, from + length)));
    }
  }
}
