package dev.pare.artifact;

import static java.util.Objects.requireNonNull;

import dev.pare.graph.Architecture;
import dev.pare.graph.ParameterTensor;
import java.util.List;

/**
 * What is in a file, and what takes how much of it.
 *
 * @param majorVersion of the format
 * @param minorVersion of the format
 * @param tensors in the order of the architecture
 * @param size of the whole file
 */
public record ArtifactSummary(
    int majorVersion,
    int minorVersion,
    Architecture architecture,
    List<Tensor> tensors,
    SizeBreakdown size) {
  public ArtifactSummary {
    requireNonNull(architecture, "architecture is null");
    tensors = List.copyOf(tensors);
    requireNonNull(size, "size is null");
  }

  /**
   * One tensor.
   *
   * @param place what it is, and its name and shape
   * @param nonzeros values that are not zero
   * @param distinctValues different values, zero included where it occurs
   * @param headerBytes the section's kind, length and parameters
   * @param indexBytes positions of the nonzeros
   * @param valueBytes codes of the nonzeros, or floats
   * @param codebookBytes centroids, scales, code-length tables
   */
  public record Tensor(
      ParameterTensor place,
      Representation representation,
      int nonzeros,
      int distinctValues,
      long headerBytes,
      long indexBytes,
      long valueBytes,
      long codebookBytes) {
    public Tensor {
      requireNonNull(place, "place is null");
      requireNonNull(representation, "representation is null");
    }

    /** The whole section. */
    public long totalBytes() {
      return headerBytes + indexBytes + valueBytes + codebookBytes;
    }
  }
}
