package dev.pare.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pare.artifact.ArtifactReader;
import dev.pare.candidate.Sha256;
import dev.pare.evaluate.Latency;
import dev.pare.folder.SweepFolder;
import dev.pare.graph.Network;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How long a sweep's files take: {@code latency.csv} within its results, for its report. */
public final class SweepLatency {
  private static final Logger LOG = LoggerFactory.getLogger(SweepLatency.class);

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
    SweepFolder folder = new SweepFolder(out, hadoop);
    List<FrontierRow> frontier = FrontierFiles.read(folder).rows();
    List<String> files = new ArrayList<>();
    List<Network> networks = new ArrayList<>();
    List<String> digests = new ArrayList<>();
    ModelFile.Decoder<Network> decoder =
        in -> {
          byte[] bytes = in.readAllBytes();
          digests.add(Sha256.hex(bytes));
          return new ArtifactReader().read(bytes).toNetwork();
        };
    files.add(SweepFolder.TEACHER);
    networks.add(ModelFile.read(folder.path(SweepFolder.TEACHER).toString(), hadoop, decoder));
    for (FrontierRow row : frontier) {
      files.add(row.file());
      networks.add(ModelFile.read(folder, row, hadoop, decoder));
    }
    List<Latency> latencies = Latency.measure(networks, batch, seconds);
    List<LatencyTable.Row> rows = new ArrayList<>();
    for (int i = 0; i < latencies.size(); i++) {
      rows.add(new LatencyTable.Row(digests.get(i), files.get(i), latencies.get(i)));
    }
    LatencyTable table = new LatencyTable(batch, rows.get(0), rows.subList(1, rows.size()));
    folder.replace(SweepFolder.LATENCY, table.csv());
    return table;
  }

  /**
   * What was timed last, if the teacher is the same; a file that a person has spoiled or an earlier
   * version has written, or of another teacher, is left out, and a warning says so.
   */
  public static Optional<LatencyTable> read(SweepFolder folder) {
    try {
      Optional<LatencyTable> table =
          folder.find(SweepFolder.LATENCY, csv -> LatencyTable.read(new String(csv, UTF_8)));
      if (table.isEmpty()) {
        return table;
      }
      Optional<String> teacher = folder.find(SweepFolder.TEACHER).map(Sha256::hex);
      if (teacher.filter(table.get().teacher().sha256()::equals).isEmpty()) {
        LOG.warn(
            "{}: is of a teacher with SHA-256 {}, but {} there has {}; it is left out",
            folder.path(SweepFolder.LATENCY),
            table.get().teacher().sha256(),
            SweepFolder.TEACHER,
            teacher.orElse("none, since it is missing"));
        return Optional.empty();
      }
      return table;
    } catch (IOException e) {
      LOG.warn("{}; it is left out", e.getMessage());
      return Optional.empty();
    }
  }
}
