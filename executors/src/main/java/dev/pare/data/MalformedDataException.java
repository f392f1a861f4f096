package dev.pare.data;

import org.jspecify.annotations.Nullable;

/**
 * A file's content is not what it should be; the message names the file and the byte, or row and
 * column. The content of a gzip file is what it decompresses to.
 */
public final class MalformedDataException extends DataException {
  private final String file;
  private final long offset;

  /** Where no byte can be named; the problem names the place otherwise. */
  MalformedDataException(String file, String problem, @Nullable Throwable cause) {
    super(file + ": " + problem, cause);
    this.file = file;
    this.offset = -1;
  }

  MalformedDataException(String file, long offset, String problem) {
    this(file, offset, problem, null);
  }

  MalformedDataException(String file, long offset, String problem, @Nullable Throwable cause) {
    super(file + ": byte " + offset + ": " + problem, cause);
    this.file = file;
    this.offset = offset;
  }

  /** A text of a file for messages: short, and without characters that would do harm there. */
  static String printable(String text) {
    String shortened = text.length() > 40 ? text.substring(0, 40) + "…" : text;
    return shortened.replaceAll("[^ -~…]", "?");
  }

  /** The file's qualified path. */
  public String file() {
    return file;
  }

  /** Where in the (decompressed) content the fault is, from 0; −1 if no byte can be named. */
  public long offset() {
    return offset;
  }
}
