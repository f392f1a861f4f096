package dev.pare.candidate;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.ArchitectureFormat;
import dev.pare.graph.Architecture;
import java.io.Serializable;
import java.util.Base64;

/**
 * An architecture as settings have it: small, comparable, and part of keys by what it is, whatever
 * it is called and wherever it was read.
 *
 * @param base64 of its bytes in a .pare file
 */
public record ArchitectureForm(String base64) implements Serializable {
  public ArchitectureForm {
    requireNonNull(base64, "base64 is null");
  }

  /** That of an architecture. */
  public static ArchitectureForm of(Architecture architecture) {
    return new ArchitectureForm(
        Base64.getEncoder().encodeToString(ArchitectureFormat.bytes(architecture)));
  }

  /**
   * The architecture.
   *
   * @throws dev.pare.artifact.MalformedArtifactException if it is none
   */
  public Architecture architecture() {
    return ArchitectureFormat.of(Base64.getDecoder().decode(base64));
  }
}
