package dev.pare.data;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/**
 * Decompresses pages of Parquet files: whole ones, and into no more room than a writer fills, which
 * is a megabyte, or a codec needs for so few bytes. Hadoop's streams, which Parquet uses otherwise,
 * never end on some damaged pages.
 */
final class ParquetPages implements CompressionCodecFactory {
  private static final long LARGEST_OF_ANY = 1 << 22;
  private static final long LARGEST = 1 << 28;
  private static final long MOST_A_BYTE = 1 << 12;

  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName codec) {
    throw new UnsupportedOperationException("pages are only read");
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
    return new BytesInputDecompressor() {
      @Override
      @SuppressWarnings("deprecation") // In the Parquet of Spark 4; that of 3.5 has no other.
      public BytesInput decompress(BytesInput page, int size) throws IOException {
        return BytesInput.from(decompressed(codec, page.toByteArray(), size));
      }

      @Override
      public void decompress(ByteBuffer page, int compressed, ByteBuffer output, int size)
          throws IOException {
        byte[] bytes = new byte[Math.min(compressed, page.remaining())];
        page.get(bytes);
        output.put(decompressed(codec, bytes, size));
      }

      @Override
      public void release() {}
    };
  }

  private static byte[] decompressed(CompressionCodecName codec, byte[] page, int size)
      throws IOException {
    long most = most(page.length);
    if (size < 0 || size > most) {
      throw new IOException("a page of " + size + " bytes in " + page.length + ": at most " + most);
    }
    return switch (codec) {
      case UNCOMPRESSED -> checked(page.length, size, page);
      case SNAPPY -> {
        int length = Snappy.uncompressedLength(page);
        byte[] content = checked(length, size, new byte[size]);
        yield checked(Snappy.uncompress(page, 0, page.length, content, 0), size, content);
      }
      case GZIP -> {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(page))) {
          byte[] content = in.readNBytes(size);
          yield checked(content.length + (in.read() < 0 ? 0 : 1), size, content);
        }
      }
      case ZSTD -> {
        byte[] content = new byte[size];
        long length = Zstd.decompressByteArray(content, 0, size, page, 0, page.length);
        yield checked(Zstd.isError(length) ? -1 : length, size, content);
      }
      case LZO, BROTLI, LZ4, LZ4_RAW ->
          throw new IOException(
              "compressed by " + codec + ": must be by SNAPPY, GZIP, ZSTD or not at all");
    };
  }

  /** The most bytes that a page may have that was compressed to some. */
  static long most(int compressed) {
    return Math.min(LARGEST, Math.max(LARGEST_OF_ANY, compressed * MOST_A_BYTE));
  }

  private static byte[] checked(long length, int size, byte[] content) throws IOException {
    if (length != size) {
      throw new IOException("a page is not of the " + size + " bytes that it should be");
    }
    return content;
  }

  @Override
  public void release() {}
}
