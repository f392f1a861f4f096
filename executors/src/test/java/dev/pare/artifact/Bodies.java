package dev.pare.artifact;

import java.util.Arrays;

/** Files with changed bodies and right checksums: what only a deliberate hand makes. */
public final class Bodies {
  private Bodies() {}

  /** The body of a file. */
  public static byte[] of(byte[] file) {
    FileHeader frame = FileHeader.read(FileHeader.Kind.NETWORK, file);
    return Arrays.copyOfRange(file, frame.bodyStart(), (int) frame.bodyEnd());
  }

  /** A file around a body. */
  public static byte[] file(byte[] body) {
    return FileHeader.file(FileHeader.Kind.NETWORK, body);
  }

  /** The file with more bytes at the end of its body. */
  public static byte[] append(byte[] file, byte[] more) {
    ByteSink body = new ByteSink();
    body.writeBytes(of(file));
    body.writeBytes(more);
    return file(body.toBytes());
  }
}
