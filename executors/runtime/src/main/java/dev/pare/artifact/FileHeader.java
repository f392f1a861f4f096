package dev.pare.artifact;

import dev.pare.artifact.MalformedArtifactException.Fault;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
   * What begins and ends like this.
   *
   * @param name for people
   * @param magic 4 characters of ASCII
   * @param major newest version that is read
   * @param minor of the version that is written
   */
  record Kind(String name, String magic, int major, int minor) {
    /** Whole networks. */
    static final Kind NETWORK = new Kind(".pare file", "PARE", 7, 0);

    /** What changed from one network to another. */
    static final Kind DELTA = new Kind("delta", "PARD", 1, 0);

    private byte[] bytes() {
      return magic.getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether a file claims to be one, by how it begins. */
    boolean isMagic(byte[] file) {
      byte[] magic = bytes();
      return file.length >= magic.length
          && Arrays.equals(file, 0, magic.length, magic, 0, magic.length);
    }
  }

  /** A whole file of the version that is written. */
  static byte[] file(Kind kind, byte[] body) {
    return file(kind, kind.major(), kind.minor(), body);
  }

  /** A whole file. */
  static byte[] file(Kind kind, int major, int minor, byte[] body) {
    byte[] start = start(kind, major, minor, body.length);
    byte[] file = Arrays.copyOf(start, Math.addExact(start.length + CHECKSUM_BYTES, body.length));
    System.arraycopy(body, 0, file, start.length, body.length);
    byte[] end = end(start, body);
    System.arraycopy(end, 0, file, file.length - end.length, end.length);
    return file;
  }

  /**
   * Writes a whole file of the version that is written, without a copy of its body.
   *
   * @return how many bytes it has
   */
  static long write(Kind kind, byte[] body, OutputStream out) throws IOException {
    byte[] start = start(kind, kind.major(), kind.minor(), body.length);
    byte[] end = end(start, body);
    out.write(start);
    out.write(body);
    out.write(end);
    return (long) start.length + body.length + end.length;
  }

  private static byte[] start(Kind kind, int major, int minor, int length) {
    ByteSink start = new ByteSink();
    start.writeBytes(kind.bytes());
    start.writeByte(major);
    start.writeByte(minor);
    start.writeVarint(length);
    return start.toBytes();
  }

  private static byte[] end(byte[] start, byte[] body) {
    CRC32 checksum = new CRC32();
    checksum.update(start);
    checksum.update(body);
    ByteSink end = new ByteSink();
    end.writeInt((int) checksum.getValue());
    return end.toBytes();
  }

  /**
   * Reads magic, version and length.
   *
   * @param file at least its first {@value #MAX_START_BYTES} bytes, or all there are
   */
  static FileHeader read(Kind kind, byte[] file) {
    byte[] magic = kind.bytes();
    for (int i = 0; i < Math.min(magic.length, file.length); i++) {
      if (file[i] != magic[i]) {
        throw new MalformedArtifactException(Fault.WRONG_MAGIC, i, "not a " + kind.name());
      }
    }
    ByteSource in = new ByteSource(file, 0, file.length, Fault.TRUNCATED);
    in.readBytes(magic.length);
    int major = in.readByte();
    if (major > kind.major()) {
      throw new MalformedArtifactException(
          Fault.NEWER_VERSION,
          magic.length,
          "format %d is newer than %d, the newest this version of Pare reads"
              .formatted(major, kind.major()));
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
