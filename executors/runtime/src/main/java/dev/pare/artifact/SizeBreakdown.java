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
  /** Of a part: their sum is a number still. */
  private static final long MOST = 1L << 60;

  public SizeBreakdown {
    check("header bytes", headerBytes);
    check("index bytes", indexBytes);
    check("value bytes", valueBytes);
    check("codebook bytes", codebookBytes);
    check("bias bytes", biasBytes);
  }

  private static void check(String part, long bytes) {
    if (bytes < 0 || bytes > MOST) {
      throw new IllegalArgumentException(part + " = " + bytes + ": must be 0 to " + MOST);
    }
  }

  /** The whole file. */
  public long totalBytes() {
    return headerBytes + indexBytes + valueBytes + codebookBytes + biasBytes;
  }
}
