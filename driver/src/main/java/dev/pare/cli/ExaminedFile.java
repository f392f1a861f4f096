package dev.pare.cli;

import dev.pare.artifact.ArtifactReader;
import dev.pare.artifact.ArtifactSummary;
import dev.pare.artifact.DecodedArtifact;
import dev.pare.candidate.Sha256;
import dev.pare.graph.Network;
import dev.pare.report.FrontierRow;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file to examine, decoded.
 *
 * @param name as the user gave it, or within the results
 * @param row what a frontier says of it; null if none lists it
 */
record ExaminedFile(
    String name,
    int bytes,
    String sha256,
    DecodedArtifact contents,
    Network network,
    @Nullable FrontierRow row) {
  /** Reads a file that nothing more is known of. */
  static ExaminedFile read(String name, @Nullable FrontierRow row, InputStream in)
      throws IOException {
    byte[] file = in.readAllBytes();
    DecodedArtifact contents = new ArtifactReader().decode(file);
    return new ExaminedFile(
        name, file.length, Sha256.hex(file), contents, contents.network().toNetwork(), row);
  }

  /** Its last part. */
  String title() {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  ArtifactSummary summary() {
    return contents.summary();
  }

  long nonzeros() {
    return summary().tensors().stream().mapToLong(ArtifactSummary.Tensor::nonzeros).sum();
  }
}
