package dev.pare.artifact;

import static java.util.Objects.requireNonNull;

/**
 * A whole file, decoded.
 *
 * @param summary of what is in it, and what takes how much of it
 */
public record DecodedArtifact(CompressedNetwork network, ArtifactSummary summary) {
  public DecodedArtifact {
    requireNonNull(network, "network is null");
    requireNonNull(summary, "summary is null");
  }
}
