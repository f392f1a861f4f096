package dev.pare.artifact;

import java.io.Serializable;

/**
 * Where the bytes of a .pare file went. The parts add up to the file.
 *
 * @param headerBytes magic, version, architecture, names, section frames, checksum
 * @param indexBytes positions of what is not zero
 * @param valueBytes codes of what is not zero, or its floats
 * @param codebookBytes codebooks, scales and code-length tables
 * @param biasBytes biases, and batch normalization's parameters
 */
public record SizeBreakdown(
    long headerBytes, long indexBytes, long valueBytes, long codebookBytes, long biasBytes)
    implements Serializable {
  /** The whole file. */
  public long totalBytes() {
    return headerBytes + indexBytes + valueBytes + codebookBytes + biasBytes;
  }
}
