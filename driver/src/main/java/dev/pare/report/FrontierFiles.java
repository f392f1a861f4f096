package dev.pare.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pare.folder.SweepFolder;
import java.io.IOException;

/** {@code frontier.csv} and {@code frontier.json} within a sweep's results, in UTF-8. */
public final class FrontierFiles {
  private FrontierFiles() {}

  /** Writes both, in place of earlier ones. Equal reports give equal bytes. */
  public static void write(SweepFolder folder, FrontierReport report) throws IOException {
    folder.replace(SweepFolder.FRONTIER_CSV, FrontierCsv.of(report));
    folder.replace(SweepFolder.FRONTIER_JSON, FrontierJson.of(report));
  }

  /** What {@code frontier.json} has of a report. */
  public static String json(FrontierReport report) {
    return FrontierJson.of(report);
  }

  /** Whether there is a {@code frontier.json}. */
  public static boolean exist(SweepFolder folder) throws IOException {
    return folder.has(SweepFolder.FRONTIER_JSON);
  }

  /**
   * Reads {@code frontier.json}.
   *
   * @throws IOException if there is none, or it is none; the message names the file
   */
  public static FrontierReport read(SweepFolder folder) throws IOException {
    return folder.read(
        SweepFolder.FRONTIER_JSON,
        "; has the sweep ended?",
        json -> FrontierJson.read(new String(json, UTF_8)));
  }
}
