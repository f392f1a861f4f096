package dev.pare.artifact;

import java.util.Arrays;
import java.util.zip.CRC32;

/** Files with changed bodies and right checksums: what only a deliberate hand makes. */
public final class Bodies {
  private Bodies() {}

  /** The body of a file. */
  public static byte[] of(byte[] file) {
    FileHeader frame = FileHeader.read(file);
    return Arrays.copyOfRange(file, frame.bodyStart(), (int) frame.bodyEnd());
  }

  /** A file around a body. */
  public static byte[] file(byte[] body) {
    ByteSink out = new ByteSink();
    out.writeBytes(ArtifactWriter.MAGIC);
    out.writeByte(ArtifactWriter.MAJOR_VERSION);
    out.writeByte(ArtifactWriter.MINOR_VERSION);
    out.writeVarint(body.length);
    out.writeBytes(body);
    CRC32 checksum = new CRC32();
    checksum.update(out.toBytes());
    out.writeInt((int) checksum.getValue());
    return out.toBytes();
  }

  /** The file with more bytes at the end of its body. */
  public static byte[] append(byte[] file, byte[] more) {
    ByteSink body = new ByteSink();
    body.writeBytes(of(file));
    body.writeBytes(more);
    return file(body.toBytes());
  }
}
