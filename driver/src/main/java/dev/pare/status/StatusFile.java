package dev.pare.status;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pare.folder.SweepFolder;
import dev.pare.pipeline.StrictJson;
import java.io.IOException;

/** {@code status.json} within a sweep's results, which the driver replaces while it runs. */
public final class StatusFile {
  private static final ObjectMapper JSON =
      StrictJson.mapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

  private StatusFile() {}

  /** Writes it in place of an earlier one. */
  public static void write(SweepFolder folder, SweepStatus status) throws IOException {
    byte[] json = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(status);
    folder.replace(SweepFolder.STATUS, out -> out.write(json));
  }

  /**
   * Reads it.
   *
   * @throws IOException if there is none, or it is none; the message names the file
   */
  public static SweepStatus read(SweepFolder folder) throws IOException {
    return folder.read(
        SweepFolder.STATUS,
        "; was a sweep started there?",
        json -> StrictJson.read(JSON, json, SweepStatus.class));
  }
}
