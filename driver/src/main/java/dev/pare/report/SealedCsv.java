package dev.pare.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pare.candidate.Sha256;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Tables that name what their rows are of, as CSV that is read only while it is what was written:
 * in the last column each row has the SHA-256 of all lines, the header among them, without that
 * column. So a number that was changed, a row that is missing and one of another table are found,
 * and the file remains a plain table to others.
 */
final class SealedCsv {
  private static final String COLUMN = "table_sha256";

  private final String header;
  private final String what;
  private final String remedy;

  /**
   * @param header names of the other columns
   * @param what the rows are, as "latencies"
   * @param remedy what makes the table anew
   */
  SealedCsv(String header, String what, String remedy) {
    this.header = header;
    this.what = what;
    this.remedy = remedy;
  }

  /** The table of some lines without line ends. */
  String of(List<String> lines) {
    String digest = digest(lines);
    StringBuilder csv = new StringBuilder(header + "," + COLUMN + "\n");
    lines.forEach(line -> csv.append(line).append(',').append(digest).append('\n'));
    return csv.toString();
  }

  /**
   * The values of each line that {@link #of} has written, without the header and the last column;
   * there is at least one.
   *
   * @throws IOException if it is not that, saying what to do
   */
  List<String[]> read(String csv) throws IOException {
    List<String> lines = csv.lines().toList();
    if (!lines.isEmpty() && lines.get(0).equals(header)) {
      throw new IOException(
          "was written by an earlier version, and nothing tells whether it was changed since; "
              + remedy);
    }
    if (lines.size() < 2 || !lines.get(0).equals(header + "," + COLUMN)) {
      throw new IOException(
          "is no table of " + what + ": must begin with " + header + "," + COLUMN + "; " + remedy);
    }
    List<String> bare = new ArrayList<>();
    List<String> digests = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      int end = line.lastIndexOf(',');
      bare.add(line.substring(0, Math.max(0, end)));
      digests.add(line.substring(end + 1));
    }
    String digest = digest(bare);
    for (String its : digests) {
      if (!its.equals(digest)) {
        throw new IOException(
            "was changed, or has rows of another table or lacks some: its rows have SHA-256 %s, not %s, which was written with them; %s"
                .formatted(digest, its, remedy));
      }
    }
    return values(bare);
  }

  private List<String[]> values(List<String> lines) throws IOException {
    List<String[]> rows = new ArrayList<>();
    int columns = header.split(",").length;
    for (int line = 0; line < lines.size(); line++) {
      String[] values = lines.get(line).split(",", -1);
      if (values.length != columns) {
        throw new IOException("line " + (line + 2) + ": " + values.length + " values");
      }
      rows.add(values);
    }
    return rows;
  }

  private String digest(List<String> lines) {
    StringBuilder text = new StringBuilder(header + "\n");
    lines.forEach(line -> text.append(line).append('\n'));
    return Sha256.hex(text.toString().getBytes(UTF_8));
  }
}
