package dev.pare.data;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the library's errors of Parquet files say to people. */
final class ParquetProblem {
  private static final Pattern NO_READER = Pattern.compile("no (.+) reader for type (\\w+)");

  private ParquetProblem() {}

  /** Of an error while a file is read. */
  static String of(Exception error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      Matcher coding = NO_READER.matcher(String.valueOf(cause.getMessage()));
      if (coding.find()) {
        return "has numbers of type %s in the encoding %s, which is not read here; write them in another, as PLAIN"
            .formatted(coding.group(2), coding.group(1).toUpperCase(Locale.ROOT).replace(' ', '_'));
      }
      // A type in a file's footer that is younger than the library is none to it; such an error may
      // come without a word more.
      if (cause instanceof NullPointerException) {
        return "the file is damaged, or has a column of a type that is not known here, as 16-bit floats, which are to be written as FLOAT";
      }
    }
    String message = error.getMessage();
    return "the file is damaged or no Parquet"
        + (message == null ? "" : ": " + message.lines().findFirst().orElse(""));
  }
}
