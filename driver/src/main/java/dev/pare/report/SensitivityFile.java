package dev.pare.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.pare.folder.SweepFolder;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code sensitivity.csv} within a sweep's results: every scan of its teacher so far. */
public final class SensitivityFile {
  private static final Logger LOG = LoggerFactory.getLogger(SensitivityFile.class);

  private final SweepFolder folder;

  /**
   * @param folder of the results
   */
  public SensitivityFile(SweepFolder folder) {
    this.folder = requireNonNull(folder, "folder is null");
  }

  /**
   * What is there.
   *
   * @throws IOException if it cannot be read or is no such table; the message names the file
   */
  public Optional<SensitivityTable> read() throws IOException {
    return folder.find(
        SweepFolder.SENSITIVITY, csv -> SensitivityTable.read(new String(csv, UTF_8)));
  }

  /**
   * Adds scans to those of the same teacher by the same settings. Others, which the sweep had
   * before its settings changed, would be taken for this one's: they go, even if nothing was
   * measured.
   *
   * @return all that is known of the teacher
   */
  public SensitivityTable add(SensitivityTable measured) throws IOException {
    Optional<SensitivityTable> before = readable();
    SensitivityTable all = before.filter(measured::isLike).map(measured::or).orElse(measured);
    if (!all.rows().isEmpty()) {
      folder.replace(SweepFolder.SENSITIVITY, all.csv());
    } else if (before.isPresent()) {
      folder.delete(SweepFolder.SENSITIVITY);
    }
    return all;
  }

  /**
   * What is there, if it can be read: a file that a person has spoiled, or that an earlier version
   * has written, ends no sweep and no report, and a warning says that it is left out.
   */
  public Optional<SensitivityTable> readable() {
    try {
      return read();
    } catch (IOException e) {
      LOG.warn("{}; it is left out", e.getMessage());
      return Optional.empty();
    }
  }
}
