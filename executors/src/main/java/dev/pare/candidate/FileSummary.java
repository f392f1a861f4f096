package dev.pare.candidate;

import static java.util.Objects.requireNonNull;

import dev.pare.artifact.SizeBreakdown;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a .pare file beside how good it is on examples as they are.
 *
 * @param size the file's bytes and where they went
 * @param byOrigin bytes of the same network with and without its origin, one of which is the file's
 * @param sha256 of the file, in hexadecimal; null in frontiers of versions that did not keep it
 * @param parameters of the network that was compressed, biases included; the file's own network may
 *     have fewer
 * @param nonzeroWeights weights that are not zero, biases left out
 * @param operations what an example asks of the file's network
 * @param robustness under attack; null where nobody attacked it
 */
public record FileSummary(
    SizeBreakdown size,
    OriginBytes byOrigin,
    @Nullable String sha256,
    long parameters,
    long nonzeroWeights,
    Operations operations,
    @Nullable Robustness robustness) {
  public FileSummary {
    requireNonNull(size, "size is null");
    requireNonNull(byOrigin, "byOrigin is null");
    requireNonNull(operations, "operations is null");
  }

  /** Of a file that nobody attacked. */
  public FileSummary(
      SizeBreakdown size,
      OriginBytes byOrigin,
      @Nullable String sha256,
      long parameters,
      long nonzeroWeights,
      Operations operations) {
    this(size, byOrigin, sha256, parameters, nonzeroWeights, operations, null);
  }

  /** The same with what attacks came to. */
  public FileSummary with(@Nullable Robustness attacked) {
    return new FileSummary(
        size, byOrigin, sha256, parameters, nonzeroWeights, operations, attacked);
  }

  /** The whole file. */
  public long bytes() {
    return size.totalBytes();
  }

  /** How many times smaller the file is than its parameters as 32-bit floats. */
  public double ratio() {
    return 4.0 * parameters / bytes();
  }
}
