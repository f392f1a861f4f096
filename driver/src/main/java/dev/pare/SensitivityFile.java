package dev.pare;

import dev.pare.report.ResultFile;
import dev.pare.report.SensitivityTable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code sensitivity.csv} within a sweep's results: every scan of its teacher so far. */
final class SensitivityFile {
  private static final Logger LOG = LoggerFactory.getLogger(SensitivityFile.class);

  private static final String NAME = "sensitivity.csv";

  private final Path file;
  private final Configuration hadoop;

  SensitivityFile(String out, Configuration hadoop) {
    this.file = new Path(out, NAME);
    this.hadoop = hadoop;
  }

  /**
   * What is there.
   *
   * @throws IOException if it cannot be read or is no such table; the message names the file
   */
  Optional<SensitivityTable> read() throws IOException {
    try (FSDataInputStream in = file.getFileSystem(hadoop).open(file)) {
      return Optional.of(
          SensitivityTable.read(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Adds scans to those of the same teacher. Scans of another teacher, which the sweep had before
   * its settings changed, would be taken for this one's: they go, even if nothing was measured.
   *
   * @return all that is known of the teacher
   */
  SensitivityTable add(SensitivityTable measured) throws IOException {
    Optional<SensitivityTable> before = readable();
    SensitivityTable all =
        before
            .filter(table -> table.teacher().equals(measured.teacher()))
            .map(measured::or)
            .orElse(measured);
    if (!all.rows().isEmpty()) {
      ResultFile.replace(file, hadoop, all.csv());
    } else if (before.isPresent()) {
      file.getFileSystem(hadoop).delete(file, false);
    }
    return all;
  }

  /** A file that a person has spoiled ends no sweep. */
  private Optional<SensitivityTable> readable() {
    try {
      return read();
    } catch (IOException e) {
      LOG.warn("{}; it is left out", e.getMessage());
      return Optional.empty();
    }
  }
}
