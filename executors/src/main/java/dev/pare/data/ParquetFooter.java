package dev.pare.data;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What a Parquet file says of itself at its end, a struct in Thrift's compact protocol: walked
 * through before Parquet reads it, which makes room for lists as long as they say they are.
 *
 * <pre>
 *   …   struct       fields of four bits for their type, then its value; 0 behind the last
 *       length       int32, little-endian, of the struct
 *       magic        'PAR1'
 * </pre>
 */
final class ParquetFooter {
  private static final int MAGIC = 'P' | 'A' << 8 | 'R' << 16 | '1' << 24;
  private static final int TAIL = 8;
  private static final int DEEPEST = 64;

  private static final int TRUE = 1;
  private static final int FALSE = 2;
  private static final int BYTE = 3;
  private static final int SHORT = 4;
  private static final int LONG = 6;
  private static final int DOUBLE = 7;
  private static final int BINARY = 8;
  private static final int LIST = 9;
  private static final int SET = 10;
  private static final int MAP = 11;
  private static final int STRUCT = 12;

  /** A list's size that follows by itself. */
  private static final int LONG_LIST = 15;

  private final ByteBuffer bytes;

  private ParquetFooter(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  /**
   * Checks a file's footer, if it has one; what else is wrong with it Parquet says.
   *
   * @throws IllegalArgumentException if it has fewer values than it says, or they are nested deeply
   */
  static void check(byte[] file) {
    ByteBuffer all = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int end = file.length - TAIL;
    if (end < 0 || all.getInt(end + Integer.BYTES) != MAGIC) {
      return;
    }
    int length = all.getInt(end);
    if (length < 0 || length > end) {
      return;
    }
    try {
      new ParquetFooter(all.slice(end - length, length)).struct(0);
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("its footer ends too early", e);
    }
  }

  private void struct(int depth) {
    int header = bytes.get() & 0xFF;
    while (header != 0) {
      if (header >>> 4 == 0) {
        // The field's own number.
        CheckedPages.number(bytes);
      }
      int type = header & 0xF;
      if (type != TRUE && type != FALSE) {
        value(type, depth);
      }
      header = bytes.get() & 0xFF;
    }
  }

  private void value(int type, int depth) {
    if (depth > DEEPEST) {
      throw new IllegalArgumentException(
          "its footer is nested more than " + DEEPEST + " levels deep");
    }
    switch (type) {
      case TRUE, FALSE, BYTE -> bytes.get();
      case DOUBLE -> bytes.getDouble();
      case BINARY -> {
        int length = size(CheckedPages.number(bytes));
        bytes.position(bytes.position() + length);
      }
      case LIST, SET -> {
        int header = bytes.get() & 0xFF;
        int size = header >>> 4;
        values(size == LONG_LIST ? CheckedPages.number(bytes) : size, depth, header & 0xF);
      }
      case MAP -> {
        int size = CheckedPages.number(bytes);
        if (size != 0) {
          int types = bytes.get() & 0xFF;
          values(size, depth, types >>> 4, types & 0xF);
        }
      }
      case STRUCT -> struct(depth + 1);
      default -> {
        if (type < SHORT || type > LONG) {
          throw new IllegalArgumentException("its footer has a value of unknown type " + type);
        }
        CheckedPages.number(bytes);
      }
    }
  }

  private void values(int size, int depth, int... types) {
    size(size);
    for (int i = 0; i < size; i++) {
      for (int type : types) {
        value(type, depth + 1);
      }
    }
  }

  /** Of values that take a byte each at least. */
  private int size(int size) {
    if (size < 0 || size > bytes.remaining()) {
      throw new IllegalArgumentException(
          "its footer has %d values or characters in %d bytes"
              .formatted(size & 0xFFFF_FFFFL, bytes.remaining()));
    }
    return size;
  }
}
