package dev.pare.report;

import static java.util.Objects.requireNonNull;

import dev.pare.evaluate.Latency;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How long the files of a sweep's results take for a batch, on the machine that timed them.
 *
 * @param batch examples of a pass
 * @param teacher the file before compression
 * @param rows a file of the frontier each
 */
public record LatencyTable(int batch, Row teacher, List<Row> rows) {
  private static final SealedCsv CSV =
      new SealedCsv(
          "sha256,batch,low_ms,median_ms,high_ms,file",
          "latencies",
          "`pare latency` of the results writes it anew");

  public LatencyTable {
    requireNonNull(teacher, "teacher is null");
    rows = List.copyOf(rows);
  }

  /**
   * A file's latency.
   *
   * @param sha256 of the file, in hexadecimal
   * @param file its path within the results
   */
  public record Row(String sha256, String file, Latency latency) {
    public Row {
      requireNonNull(sha256, "sha256 is null");
      requireNonNull(file, "file is null");
      requireNonNull(latency, "latency is null");
    }
  }

  /** The latency of the file with a digest, if it was timed. */
  public Optional<Latency> of(String sha256) {
    return rows.stream().filter(row -> row.sha256().equals(sha256)).map(Row::latency).findFirst();
  }

  /** A line for the teacher and each row, with a header; {@link #read} reads it. */
  public String csv() {
    List<String> lines = new ArrayList<>();
    lines.add(line(teacher));
    rows.forEach(row -> lines.add(line(row)));
    return CSV.of(lines);
  }

  private String line(Row row) {
    Latency latency = row.latency();
    return String.format(
        Locale.ROOT,
        "%s,%d,%.6f,%.6f,%.6f,%s",
        row.sha256(),
        batch,
        latency.low(),
        latency.median(),
        latency.high(),
        row.file());
  }

  /**
   * What {@link #csv} has written.
   *
   * @throws IOException if it is not that, naming the line, or was changed since, or an earlier
   *     version wrote it
   */
  public static LatencyTable read(String csv) throws IOException {
    List<Row> rows = new ArrayList<>();
    int batch = 0;
    int line = 1;
    for (String[] values : CSV.read(csv)) {
      line++;
      try {
        int own = Integer.parseInt(values[1]);
        if (line > 2 && own != batch) {
          throw new IOException("line " + line + ": batch " + own + " after " + batch);
        }
        batch = own;
        rows.add(
            new Row(
                values[0],
                values[5],
                new Latency(
                    Double.parseDouble(values[2]),
                    Double.parseDouble(values[3]),
                    Double.parseDouble(values[4]))));
      } catch (IllegalArgumentException e) {
        throw new IOException("line " + line + ": " + e.getMessage(), e);
      }
    }
    return new LatencyTable(batch, rows.get(0), rows.subList(1, rows.size()));
  }
}
