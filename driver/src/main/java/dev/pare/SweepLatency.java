package dev.pare;

import dev.pare.artifact.ArtifactReader;
import dev.pare.candidate.Sha256;
import dev.pare.evaluate.Latency;
import dev.pare.graph.Network;
import dev.pare.report.FrontierFiles;
import dev.pare.report.FrontierRow;
import dev.pare.report.LatencyTable;
import dev.pare.report.ResultFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How long a sweep's files take: {@code latency.csv} within its results, for its report. */
public final class SweepLatency {
  private static final Logger LOG = LoggerFactory.getLogger(SweepLatency.class);

  private static final String FILE = "latency.csv";

  private SweepLatency() {}

  /**
   * Times the teacher and every file of the frontier side by side on this machine, on the calling
   * thread, and keeps what came of it in place of earlier timings.
   *
   * @param out folder of the results
   * @param batch examples of a pass, at least 1
   * @param seconds that each file is timed for, above 0
   * @return the frontier's files, from the smallest on
   * @throws IOException if results are missing or cannot be read; the message names the file
   */
  public static LatencyTable measure(String out, Configuration hadoop, int batch, double seconds)
      throws IOException {
    List<String> files = new ArrayList<>();
    files.add(SweepFolder.TEACHER);
    FrontierFiles.read(new Path(out), hadoop).rows().stream()
        .map(FrontierRow::file)
        .forEach(files::add);
    for (String file : files.subList(1, files.size())) {
      if (!SweepFolder.isBest(file)) {
        throw new IOException(
            out
                + ": the frontier's table names "
                + file
                + ", which is no file of "
                + SweepFolder.BEST);
      }
    }
    List<Network> networks = new ArrayList<>();
    List<String> digests = new ArrayList<>();
    for (String file : files) {
      networks.add(
          ModelFile.read(
              new Path(out, file).toString(),
              hadoop,
              in -> {
                byte[] bytes = in.readAllBytes();
                digests.add(Sha256.hex(bytes));
                return new ArtifactReader().read(bytes).toNetwork();
              }));
    }
    List<Latency> latencies = Latency.measure(networks, batch, seconds);
    List<LatencyTable.Row> rows = new ArrayList<>();
    for (int i = 0; i < latencies.size(); i++) {
      rows.add(new LatencyTable.Row(digests.get(i), files.get(i), latencies.get(i)));
    }
    LatencyTable table = new LatencyTable(batch, rows.get(0), rows.subList(1, rows.size()));
    ResultFile.replace(new Path(out, FILE), hadoop, table.csv());
    return table;
  }

  /**
   * What was timed last, if the teacher is the same; a file that a person has spoiled is left out
   * of reports.
   */
  static Optional<LatencyTable> read(String out, Configuration hadoop) {
    Path file = new Path(out, FILE);
    try (FSDataInputStream in = file.getFileSystem(hadoop).open(file)) {
      LatencyTable table = LatencyTable.read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      String teacher = sha256(new Path(out, SweepFolder.TEACHER), hadoop);
      return Optional.of(table).filter(t -> t.teacher().sha256().equals(teacher));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.warn("{}: {}; it is left out", file, e.getMessage());
      return Optional.empty();
    }
  }

  private static String sha256(Path file, Configuration hadoop) throws IOException {
    try (FSDataInputStream in = file.getFileSystem(hadoop).open(file)) {
      return Sha256.hex(in.readAllBytes());
    }
  }
}
