package dev.pare.data;

/** Bytes from outside, from their beginning to their end. */
interface ByteInput {
  /** Reads up to {@code length} bytes and says how many; fewer only at the end. */
  int read(byte[] target, int offset, int length);

  /** The error of content that is wrong at {@code offset}. */
  MalformedDataException malformed(long offset, String problem);
}
