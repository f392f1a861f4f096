package dev.pare.status;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pare.candidate.Sha256;
import dev.pare.folder.SweepFolder;
import dev.pare.folder.SweepOwner;
import dev.pare.pipeline.StrictJson;
import dev.pare.schedule.DriverSign;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code status.json} within a sweep's results, which the driver replaces while it runs. It has the
 * SHA-256 of the configuration of the run that it is of, which is that of {@code sweep.conf} beside
 * it, or of the driver that lives there, and the SHA-256 of its own content.
 */
public final class StatusFile {
  private static final ObjectMapper JSON =
      StrictJson.mapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);
  private static final String CONFIGURATION = "configurationSha256";

  /** Of all else in the file, as JSON without blanks. */
  private static final String CONTENT = "contentSha256";

  private StatusFile() {}

  /**
   * A status as it was read.
   *
   * @param doubt why it is not known whether it is of the sweep with these results; empty where it
   *     is
   */
  public record Found(SweepStatus status, Optional<String> doubt) {
    public Found {
      requireNonNull(status, "status is null");
    }
  }

  /**
   * Writes it in place of an earlier one.
   *
   * @param configuration SHA-256 of the run's configuration, as {@code sweep.conf} has it
   */
  public static void write(SweepFolder folder, SweepStatus status, String configuration)
      throws IOException {
    ObjectNode root = JSON.valueToTree(status);
    root.put(CONFIGURATION, configuration);
    root.put(CONTENT, Sha256.hex(JSON.writeValueAsBytes(root)));
    byte[] json = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
    folder.replace(SweepFolder.STATUS, out -> out.write(json));
  }

  /**
   * Reads it.
   *
   * @throws IOException if there is none, or it is none, or of another sweep than these results;
   *     the message names the file
   */
  public static SweepStatus read(SweepFolder folder) throws IOException {
    return find(folder).status();
  }

  /**
   * The same, and whether it is known to be of the sweep with these results.
   *
   * @throws IOException as {@link #read}
   */
  public static Found find(SweepFolder folder) throws IOException {
    return folder.read(
        SweepFolder.STATUS,
        "; was a sweep started there?",
        json -> {
          SweepStatus status = StrictJson.read(JSON, json, SweepStatus.class);
          JsonNode root = JSON.readTree(json);
          Optional<String> unsealed = checkContent((ObjectNode) root);
          return new Found(
              status,
              doubt(folder, root.path(CONFIGURATION))
                  .or(() -> unsealed)
                  .or(() -> earlierRun(status, driver(folder))));
        });
  }

  /** Why it is not known whether it was changed; empty where it was not. */
  private static Optional<String> checkContent(ObjectNode root) throws IOException {
    @Nullable JsonNode noted = root.remove(CONTENT);
    if (noted == null) {
      return Optional.of("an earlier version wrote it, and nothing tells whether it was changed");
    }
    String its = Sha256.hex(JSON.writeValueAsBytes(root));
    if (!its.equals(noted.asText())) {
      throw new IOException(
          "was changed: its content has SHA-256 %s, not %s, which was written with it; `pare sweep` with the results' configuration writes it anew"
              .formatted(its, noted.asText()));
    }
    return Optional.empty();
  }

  private static Optional<DriverSign> driver(SweepFolder folder) {
    try {
      return SweepOwner.living(folder);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> earlierRun(SweepStatus status, Optional<DriverSign> driver) {
    return driver
        .filter(sign -> sign.startedMillis() > status.updatedMillis())
        .map(
            sign ->
                "it is of an earlier run, of %s; the driver that works there began at %s"
                    .formatted(
                        Instant.ofEpochMilli(status.updatedMillis()),
                        Instant.ofEpochMilli(sign.startedMillis())));
  }

  private static Optional<String> doubt(SweepFolder folder, JsonNode configuration)
      throws IOException {
    if (configuration.isMissingNode()) {
      return Optional.of("an earlier version wrote it, which did not say of which sweep it is");
    }
    Optional<String> settings = folder.find(SweepFolder.CONFIGURATION).map(Sha256::hex);
    Set<String> known = new LinkedHashSet<>();
    settings.ifPresent(known::add);
    // A driver has the folder before it writes anything else there.
    SweepOwner.living(folder).map(DriverSign::configuration).ifPresent(known::add);
    if (known.isEmpty()) {
      return Optional.of("there is no " + SweepFolder.CONFIGURATION + " beside it");
    }
    if (!known.contains(configuration.asText())) {
      throw new IOException(
          "is of another sweep: of a configuration with SHA-256 %s, but %s there has %s; `pare sweep` with the results' configuration writes it anew"
              .formatted(
                  configuration.asText(),
                  SweepFolder.CONFIGURATION,
                  String.join(", its driver's ", known)));
    }
    return Optional.empty();
  }
}
