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
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * {@code status.json} within a sweep's results, which the driver replaces while it runs. It has the
 * SHA-256 of the configuration of the run that it is of, which is that of {@code sweep.conf} beside
 * it, or of the driver that lives there.
 */
public final class StatusFile {
  private static final ObjectMapper JSON =
      StrictJson.mapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);
  private static final String CONFIGURATION = "configurationSha256";

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
          return new Found(status, doubt(folder, JSON.readTree(json).path(CONFIGURATION)));
        });
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
    SweepOwner.configuration(folder).ifPresent(known::add);
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
