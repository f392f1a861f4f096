package dev.pare.data;

import dev.pare.candidate.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Objects;

/** A file's bytes as stored: buffered, and digested as they arrive. */
final class StoredBytes extends InputStream {
  private final InputStream in;
  private final MessageDigest sha256 = Sha256.digest();
  private final byte[] buffer = new byte[1 << 16];
  private int position;
  private int limit;

  StoredBytes(InputStream in) {
    this.in = in;
  }

  /** Whether the first two bytes are these; asked before anything is read. */
  boolean startsWith(int magic) throws IOException {
    while (limit < 2 && fill(limit)) {}
    return limit >= 2 && ((buffer[0] & 0xFF) << 8 | buffer[1] & 0xFF) == magic;
  }

  /** Reads what is left, and returns the SHA-256 of everything. */
  byte[] digest() throws IOException {
    while (fill(0)) {}
    position = limit;
    return sha256.digest();
  }

  @Override
  public int read() throws IOException {
    return available() > 0 ? buffer[position++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    int count = Math.min(length, available());
    if (count == 0) {
      return -1;
    }
    System.arraycopy(buffer, position, target, offset, count);
    position += count;
    return count;
  }

  /** How many bytes are buffered, 0 only at the end. */
  @Override
  public int available() throws IOException {
    if (position == limit && fill(0)) {
      position = 0;
    }
    return limit - position;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** Reads some bytes to {@code from} on; false, and nothing changed, at the end. */
  private boolean fill(int from) throws IOException {
    int count = in.read(buffer, from, buffer.length - from);
    if (count < 0) {
      return false;
    }
    sha256.update(buffer, from, count);
    limit = from + count;
    return true;
  }
}
