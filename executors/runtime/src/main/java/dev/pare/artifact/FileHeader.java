package dev.pare.artifact;

import dev.pare.artifact.MalformedArtifactException.Fault;
import java.util.zip.CRC32;

/**
 * The beginning of a file.
 *
 * @param majorVersion of its format
 * @param minorVersion of its format
 * @param bodyStart where the body begins
 * @param bodyEnd where the body ends and the checksum begins
 */
record FileHeader(int majorVersion, int minorVersion, int bodyStart, long bodyEnd) {
  /** Within so many bytes the frame's beginning ends; no file is shorter. */
  static final int MAX_START_BYTES = 11;

  private static final int CHECKSUM_BYTES = 4;
  private static final int OLDEST_MAJOR_VERSION = 1;

  /**
   * Reads magic, version and length.
   *
   * @param file at least its first {@value #MAX_START_BYTES} bytes, or all there are
   */
  static FileHeader read(byte[] file) {
    byte[] magic = ArtifactWriter.MAGIC;
    for (int i = 0; i < Math.min(magic.length, file.length); i++) {
      if (file[i] != magic[i]) {
        throw new MalformedArtifactException(Fault.WRONG_MAGIC, i, "not a .pare file");
      }
    }
    ByteSource in = new ByteSource(file, 0, file.length, Fault.TRUNCATED);
    in.readBytes(magic.length);
    int major = in.readByte();
    if (major > ArtifactWriter.MAJOR_VERSION) {
      throw new MalformedArtifactException(
          Fault.NEWER_VERSION,
          magic.length,
          "format %d is newer than %d, the newest this version of Pare reads"
              .formatted(major, ArtifactWriter.MAJOR_VERSION));
    }
    if (major < OLDEST_MAJOR_VERSION) {
      throw in.invalid("there is no format " + major);
    }
    int minor = in.readByte();
    int bodyLength = in.readVarint();
    return new FileHeader(major, minor, in.position(), (long) in.position() + bodyLength);
  }

  /** How many bytes the file has. */
  long fileBytes() {
    return bodyEnd + CHECKSUM_BYTES;
  }

  /**
   * The body of the file of which this is the frame.
   *
   * @throws MalformedArtifactException if it is too short, too long or changed
   */
  ByteSource body(byte[] file) {
    if (file.length < fileBytes()) {
      throw new MalformedArtifactException(
          Fault.TRUNCATED, file.length, "ends too early: the whole file has " + fileBytes());
    }
    if (file.length > fileBytes()) {
      throw new MalformedArtifactException(
          Fault.TRAILING_BYTES, fileBytes(), "goes on after its end");
    }
    int end = (int) bodyEnd;
    CRC32 checksum = new CRC32();
    checksum.update(file, 0, end);
    int expected = new ByteSource(file, end, file.length, Fault.TRUNCATED).readInt();
    if (expected != (int) checksum.getValue()) {
      throw new MalformedArtifactException(
          Fault.CORRUPT,
          end,
          "checksum is %08x, must be %08x".formatted((int) checksum.getValue(), expected));
    }
    return new ByteSource(file, bodyStart, end, Fault.INVALID_CONTENT);
  }
}
