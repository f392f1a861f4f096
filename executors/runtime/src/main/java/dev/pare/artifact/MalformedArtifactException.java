package dev.pare.artifact;

/** Bytes that are not a .pare file which this version can read. */
public final class MalformedArtifactException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Fault fault;
  private final long offset;

  MalformedArtifactException(Fault fault, long offset, String message) {
    super(message + " (byte " + offset + ")");
    this.fault = fault;
    this.offset = offset;
  }

  MalformedArtifactException(Fault fault, long offset, String message, Throwable cause) {
    super(message + " (byte " + offset + ")", cause);
    this.fault = fault;
    this.offset = offset;
  }

  /** What is wrong. */
  public Fault fault() {
    return fault;
  }

  /** The byte of the file, from 0, where it shows. */
  public long offset() {
    return offset;
  }

  /** What can be wrong with a file. */
  public enum Fault {
    /** It is something else than a .pare file. */
    WRONG_MAGIC,
    /** It was written by a later Pare, in a format this one does not know. */
    NEWER_VERSION,
    /** It ends too early. */
    TRUNCATED,
    /** It goes on after its end. */
    TRAILING_BYTES,
    /** Its checksum does not agree: bytes were changed. */
    CORRUPT,
    /** It is a delta against another file, or does not give the file that it says. */
    OTHER_FILE,
    /** It declares more than the reader's limit. */
    TOO_LARGE,
    /** It says what makes no sense, though its checksum agrees. */
    INVALID_CONTENT
  }
}
