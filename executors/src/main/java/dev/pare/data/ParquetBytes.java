package dev.pare.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/** A Parquet file in memory. */
final class ParquetBytes implements InputFile {
  private final byte[] bytes;

  ParquetBytes(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public long getLength() {
    return bytes.length;
  }

  @Override
  public SeekableInputStream newStream() {
    Content content = new Content(bytes);
    return new DelegatingSeekableInputStream(content) {
      @Override
      public long getPos() {
        return content.position();
      }

      @Override
      public void seek(long position) throws IOException {
        content.seek(position);
      }
    };
  }

  private static final class Content extends ByteArrayInputStream {
    Content(byte[] bytes) {
      super(bytes);
    }

    long position() {
      return pos;
    }

    void seek(long position) throws IOException {
      if (position < 0 || position > count) {
        throw new IOException("no byte " + position + " of " + count);
      }
      pos = (int) position;
    }
  }
}
