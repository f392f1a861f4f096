package dev.pare.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * What a gzip file decompresses to, RFC 1952: one member after the other until the file ends.
 * Java's own stream takes whatever follows a member and does not begin as one does, or is damaged
 * in its header, for the end of the file.
 */
final class GzipContent extends InputStream {
  static final int MAGIC = 0x1F8B;

  private static final int DEFLATE = 8;
  private static final int HEADER_CHECKSUM = 1 << 1;
  private static final int EXTRA = 1 << 2;
  private static final int NAME = 1 << 3;
  private static final int COMMENT = 1 << 4;
  private static final int RESERVED = 0xE0;

  private final InputStream stored;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 contentChecksum = new CRC32();
  private final CRC32 headerChecksum = new CRC32();
  private final byte[] input = new byte[1 << 16];
  private int position;
  private int limit;
  private boolean ended;

  /**
   * @param stored not read from yet
   * @throws ZipException if it does not begin as gzip does
   * @throws EOFException if it ends within the first header
   */
  GzipContent(InputStream stored) throws IOException {
    this.stored = stored;
    try {
      readHeader();
    } catch (IOException e) {
      inflater.end();
      throw e;
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  /**
   * Reads some bytes.
   *
   * @throws ZipException if the data are damaged, or something else follows them
   * @throws EOFException if they end early
   */
  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    while (!ended) {
      int count = inflate(target, offset, length);
      if (count > 0) {
        contentChecksum.update(target, offset, count);
        return count;
      }
      if (inflater.finished()) {
        position = limit - inflater.getRemaining();
        readTrailer();
        if (position == limit && !fill()) {
          ended = true;
        } else {
          readHeader();
        }
      } else if (inflater.needsDictionary()) {
        throw new ZipException("a preset dictionary is asked for");
      } else if (fill()) {
        inflater.setInput(input, 0, limit);
      } else {
        throw new EOFException("the compressed data end early");
      }
    }
    return -1;
  }

  private int inflate(byte[] target, int offset, int length) throws ZipException {
    try {
      return inflater.inflate(target, offset, length);
    } catch (DataFormatException e) {
      throw new ZipException(String.valueOf(e.getMessage()));
    }
  }

  private void readHeader() throws IOException {
    headerChecksum.reset();
    if ((headerByte() << 8 | headerByte()) != MAGIC) {
      throw new ZipException("what follows is not gzip");
    }
    int method = headerByte();
    if (method != DEFLATE) {
      throw new ZipException("compression method " + method + ": must be " + DEFLATE);
    }
    int flags = headerByte();
    if ((flags & RESERVED) != 0) {
      throw new ZipException("flags 0x%02X: unknown ones are set".formatted(flags));
    }
    // The time, hints for the compressor, and the operating system.
    skipHeader(6);
    if ((flags & EXTRA) != 0) {
      skipHeader(headerByte() | headerByte() << 8);
    }
    if ((flags & NAME) != 0) {
      skipHeaderText();
    }
    if ((flags & COMMENT) != 0) {
      skipHeaderText();
    }
    if ((flags & HEADER_CHECKSUM) != 0) {
      int here = (int) headerChecksum.getValue() & 0xFFFF;
      if ((next() | next() << 8) != here) {
        throw new ZipException("the header's checksum is not that of its bytes");
      }
    }
    contentChecksum.reset();
    inflater.reset();
    inflater.setInput(input, position, limit - position);
  }

  private void readTrailer() throws IOException {
    if (nextInteger() != (int) contentChecksum.getValue()) {
      throw new ZipException("the checksum is not that of the content");
    }
    if (nextInteger() != (int) inflater.getBytesWritten()) {
      throw new ZipException("the length is not that of the content");
    }
  }

  private int nextInteger() throws IOException {
    return next() | next() << 8 | next() << 16 | next() << 24;
  }

  private void skipHeader(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      headerByte();
    }
  }

  private void skipHeaderText() throws IOException {
    int last = headerByte();
    while (last != 0) {
      last = headerByte();
    }
  }

  private int headerByte() throws IOException {
    int next = next();
    headerChecksum.update(next);
    return next;
  }

  private int next() throws IOException {
    if (position == limit && !fill()) {
      throw new EOFException("a member ends early");
    }
    return input[position++] & 0xFF;
  }

  private boolean fill() throws IOException {
    int count = stored.read(input, 0, input.length);
    position = 0;
    limit = Math.max(count, 0);
    return count > 0;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    stored.close();
  }
}
