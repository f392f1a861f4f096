package dev.pare.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pare.folder.SweepFolder;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code SHA256SUMS}, by which {@code pare compress} knows its files, as sha256sum checks them. */
public final class CompressedSums {
  /** Beside the files. */
  public static final String NAME = "SHA256SUMS";

  /** Of a file that is being written. */
  public static final String NOT_YET = "0".repeat(64);

  /** Says whose checksums these are; sha256sum passes over it. */
  private static final String MARK = "# written by pare compress\n";

  private static final Pattern LINE =
      Pattern.compile("([0-9a-f]{64})  ([A-Za-z0-9_]+\\.(?:pare|onnx|c|h))");

  private CompressedSums() {}

  /** The text of such a file, of sums by the files' names. */
  public static String text(Map<String, String> sums) {
    StringBuilder text = new StringBuilder(MARK);
    sums.forEach((file, sum) -> text.append(sum).append("  ").append(file).append('\n'));
    return text.toString();
  }

  /** By the files' names; none unless {@code pare compress} has written them. */
  public static Map<String, String> read(SweepFolder folder) throws IOException {
    Map<String, String> sums = new TreeMap<>();
    String text = new String(folder.find(NAME).orElse(new byte[0]), UTF_8);
    if (!text.startsWith(MARK)) {
      return sums;
    }
    for (String line : text.split("\n", -1)) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        sums.put(matcher.group(2), matcher.group(1));
      }
    }
    return sums;
  }
}
