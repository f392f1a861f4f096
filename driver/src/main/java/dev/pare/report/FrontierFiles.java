package dev.pare.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pare.candidate.Sha256;
import dev.pare.folder.References;
import dev.pare.folder.SweepFolder;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code frontier.csv} and {@code frontier.json} within a sweep's results, in UTF-8. */
public final class FrontierFiles {
  private static final Logger LOG = LoggerFactory.getLogger(FrontierFiles.class);

  private FrontierFiles() {}

  /** Writes both, in place of earlier ones. Equal reports give equal bytes. */
  public static void write(SweepFolder folder, FrontierReport report) throws IOException {
    folder.replace(SweepFolder.FRONTIER_CSV, FrontierCsv.of(report));
    folder.replace(SweepFolder.FRONTIER_JSON, FrontierJson.of(report));
  }

  /**
   * Writes both as the sweep's own, which {@code references.txt} notes: at every moment it has the
   * digest of the {@code frontier.json} that is there, whatever ends the process.
   *
   * @param candidates how many the sweep's ledger has
   * @param ledger SHA-256 of its file, in hexadecimal; none where there is no such file
   */
  public static void publish(
      SweepFolder folder, FrontierReport report, int candidates, Optional<String> ledger)
      throws IOException {
    Optional<References> noted = References.of(folder);
    if (noted.isEmpty()) {
      write(folder, report);
      return;
    }
    String digest = Sha256.hex(FrontierJson.of(report).getBytes(UTF_8));
    Set<String> before = noted.get().frontiers();
    // Where none is noted any is taken, one of an earlier version, too.
    if (!before.isEmpty()) {
      Set<String> both = new LinkedHashSet<>(before);
      both.add(digest);
      folder.writeReferences(noted.get().withFrontiers(both));
    }
    write(folder, report);
    folder.writeReferences(
        noted.get().withFrontiers(Set.of(digest)).withLedger(candidates, ledger));
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
   * Reads {@code frontier.json}. Where no {@code references.txt} is beside it, as where somebody
   * has copied the frontier alone, a warning says that nothing tells whose it is.
   *
   * @throws IOException if there is none, or it is none, or not the one that the sweep with these
   *     results wrote; the message names the file
   */
  public static FrontierReport read(SweepFolder folder) throws IOException {
    return folder.read(
        SweepFolder.FRONTIER_JSON,
        "; has the sweep ended?",
        json -> {
          check(folder, Sha256.hex(json));
          return FrontierJson.read(new String(json, UTF_8));
        });
  }

  /**
   * Reads the {@code frontier.json} that is kept of a run, beside which nothing tells whose it is.
   *
   * @throws IOException if there is none, or it is none; the message names the file
   */
  public static FrontierReport readKept(SweepFolder run) throws IOException {
    return run.read(
        SweepFolder.FRONTIER_JSON, "", json -> FrontierJson.read(new String(json, UTF_8)));
  }

  private static void check(SweepFolder folder, String digest) throws IOException {
    Optional<References> references = References.of(folder);
    if (references.isEmpty()) {
      LOG.warn(
          "{}: without {} it is not known whether {} is the sweep's own",
          folder.root(),
          SweepFolder.REFERENCES,
          SweepFolder.FRONTIER_JSON);
    } else if (References.areOpen(folder)) {
      LOG.warn(
          "{}: its last line is missing, as in those of earlier versions, so that it is not known whether it was cut, and whether {} is the sweep's own; `pare sweep` with the same configuration writes it anew",
          folder.path(SweepFolder.REFERENCES),
          SweepFolder.FRONTIER_JSON);
    }
    Set<String> noted = references.map(References::frontiers).orElse(Set.of());
    if (!noted.isEmpty() && !noted.contains(digest)) {
      throw new IOException(
          "its SHA-256 is %s, not %s, which %s has of the sweep's frontier: it is of another sweep, or was changed; `pare sweep` with the same configuration writes it anew"
              .formatted(digest, String.join(" or ", noted), SweepFolder.REFERENCES));
    }
  }
}
