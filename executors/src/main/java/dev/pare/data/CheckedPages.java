package dev.pare.data;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.io.ParquetDecodingException;
import org.jspecify.annotations.Nullable;

/**
 * The pages of a group of rows in a Parquet file, each looked through before it is decoded: Parquet
 * makes room for as many numbers as a dictionary, a run of packed ones, or a list of differences
 * says that it has, which are to be no more than the page has.
 */
final class CheckedPages implements PageReadStore {
  /** Of differences; writers have blocks of 128. */
  private static final int LARGEST_BLOCK = 1 << 16;

  /** How many numbers are packed together at least. */
  private static final int PACKED = 8;

  /** Groups of these behind a page's last value: some writers fill a block, DuckDB's has 32. */
  private static final int MOST_PADDING = 1024;

  private final PageReadStore pages;

  CheckedPages(PageReadStore pages) {
    this.pages = pages;
  }

  @Override
  public PageReader getPageReader(ColumnDescriptor column) {
    return new Checked(column, pages.getPageReader(column));
  }

  @Override
  public long getRowCount() {
    return pages.getRowCount();
  }

  private record Checked(ColumnDescriptor column, PageReader pages) implements PageReader {
    @Override
    public @Nullable DictionaryPage readDictionaryPage() {
      DictionaryPage page = pages.readDictionaryPage();
      if (page != null) {
        long bytes = page.getBytes().size();
        if (page.getDictionarySize() < 0 || page.getDictionarySize() > bytes / width()) {
          throw tooMany("a dictionary of", page.getDictionarySize(), "values in bytes", bytes);
        }
      }
      return page;
    }

    /** Bytes that a value in a dictionary takes at least. */
    private int width() {
      return switch (column.getPrimitiveType().getPrimitiveTypeName()) {
        case INT64, DOUBLE -> Long.BYTES;
        // Of a text its length.
        case INT32, FLOAT, BINARY -> Integer.BYTES;
        case FIXED_LEN_BYTE_ARRAY -> Math.max(1, column.getPrimitiveType().getTypeLength());
        case BOOLEAN, INT96 -> 1;
      };
    }

    @Override
    public long getTotalValueCount() {
      return pages.getTotalValueCount();
    }

    @Override
    public @Nullable DataPage readPage() {
      DataPage page = pages.readPage();
      if (page == null) {
        return null;
      }
      int count = page.getValueCount();
      if (count < 0 || count > getTotalValueCount()) {
        throw tooMany("a page of", count, "values, in the column", getTotalValueCount());
      }
      try {
        return page.accept(
            new DataPage.Visitor<DataPage>() {
              @Override
              public DataPage visit(DataPageV1 plain) {
                check(plain);
                return plain;
              }

              @Override
              public DataPage visit(DataPageV2 plain) {
                check(plain);
                return plain;
              }
            });
      } catch (BufferUnderflowException e) {
        // Whatever decodes it comes to its end, too, unless it needs no more.
        return page;
      }
    }

    private void check(DataPageV1 page) {
      ByteBuffer bytes = bytes(page.getBytes());
      int count = page.getValueCount();
      levels(bytes, page.getRlEncoding(), column.getMaxRepetitionLevel(), count);
      levels(bytes, page.getDlEncoding(), column.getMaxDefinitionLevel(), count);
      values(bytes, page.getValueEncoding(), count);
    }

    private void check(DataPageV2 page) {
      int count = page.getValueCount();
      if (column.getMaxRepetitionLevel() > 0) {
        runs(bytes(page.getRepetitionLevels()), bits(column.getMaxRepetitionLevel()), count);
      }
      if (column.getMaxDefinitionLevel() > 0) {
        runs(bytes(page.getDefinitionLevels()), bits(column.getMaxDefinitionLevel()), count);
      }
      values(bytes(page.getData()), page.getDataEncoding(), count);
    }
  }

  @SuppressWarnings("deprecation") // In the Parquet of Spark 4; that of 3.5 has no other.
  private static ByteBuffer bytes(BytesInput content) {
    try {
      return content.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new ParquetDecodingException(e);
    }
  }

  private static int bits(int most) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(most);
  }

  private static void levels(ByteBuffer bytes, Encoding encoding, int most, int count) {
    if (most == 0) {
      return;
    }
    if (encoding == Encoding.RLE) {
      withLength(bytes, bits(most), count);
    } else {
      skip(bytes, ((long) count * bits(most) + Byte.SIZE - 1) / Byte.SIZE);
    }
  }

  private static void values(ByteBuffer bytes, Encoding encoding, int count) {
    switch (encoding) {
      case PLAIN_DICTIONARY, RLE_DICTIONARY -> runs(bytes, bytes.get() & 0xFF, count);
      case RLE -> withLength(bytes, 1, count);
      case DELTA_BINARY_PACKED, DELTA_LENGTH_BYTE_ARRAY -> differences(bytes, count);
      case DELTA_BYTE_ARRAY -> {
        // Of lengths that texts have in common with those before, and of those of the rest.
        differences(bytes, count);
        differences(bytes, count);
      }
      case PLAIN, BIT_PACKED, BYTE_STREAM_SPLIT -> {
        // As many as there are bytes for.
      }
    }
  }

  private static void withLength(ByteBuffer bytes, int width, int count) {
    int length = bytes.getInt();
    if (length < 0 || length > bytes.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer runs = bytes.slice(bytes.position(), length).order(ByteOrder.LITTLE_ENDIAN);
    skip(bytes, length);
    try {
      runs(runs, width, count);
    } catch (BufferUnderflowException e) {
      // As for pages: what follows is to be looked at all the same.
    }
  }

  /** Runs of equal numbers, which take no room, and of packed ones. */
  private static void runs(ByteBuffer bytes, int width, int count) {
    long left = count;
    while (left > 0) {
      int header = number(bytes);
      int length = header >>> 1;
      if ((header & 1) == 0) {
        skip(bytes, (width + Byte.SIZE - 1) / Byte.SIZE);
        left -= length;
      } else if (length > (left + PACKED - 1) / PACKED + MOST_PADDING) {
        throw tooMany("a run of", (long) PACKED * length, "values in a page of", count);
      } else {
        skip(bytes, (long) length * width);
        left -= (long) PACKED * length;
      }
    }
  }

  /** A first number, and blocks of differences from one to the next. */
  private static void differences(ByteBuffer bytes, int count) {
    int block = number(bytes);
    int parts = number(bytes);
    int total = number(bytes);
    boolean divides = parts > 0 && parts <= block / PACKED && block % (PACKED * parts) == 0;
    if (!divides || block > LARGEST_BLOCK) {
      throw new ParquetDecodingException("blocks of " + block + " values in " + parts + " parts");
    }
    if (total < 0 || total > count) {
      throw tooMany("a list of", total & 0xFFFF_FFFFL, "values in a page of", count);
    }
    number(bytes);
    byte[] widths = new byte[parts];
    for (long left = total - 1L; left > 0; ) {
      number(bytes);
      bytes.get(widths);
      for (int part = 0; part < parts && left > 0; part++) {
        skip(bytes, (long) block / parts / Byte.SIZE * (widths[part] & 0xFF));
        left -= block / parts;
      }
    }
  }

  /**
   * A number in as many bytes as it needs, as Parquet reads it; what longer ones go on with runs
   * into it.
   */
  static int number(ByteBuffer bytes) {
    int value = 0;
    int shift = 0;
    int next = bytes.get();
    while (next < 0) {
      value |= (next & 0x7F) << shift;
      shift += 7;
      next = bytes.get();
    }
    return value | next << shift;
  }

  private static void skip(ByteBuffer bytes, long count) {
    bytes.position(bytes.position() + (int) Math.min(count, bytes.remaining()));
  }

  private static ParquetDecodingException tooMany(
      String what, long count, String where, long there) {
    return new ParquetDecodingException(what + " " + count + " " + where + " " + there);
  }
}
