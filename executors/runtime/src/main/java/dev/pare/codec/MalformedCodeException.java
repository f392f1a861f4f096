package dev.pare.codec;

/** Bytes that are not the code of any levels of the expected shape. */
public final class MalformedCodeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int offset;

  MalformedCodeException(int offset, String message) {
    super(message + " (byte " + offset + " of the code)");
    this.offset = offset;
  }

  /** The byte of the code, from 0, at which decoding could not go on. */
  public int offset() {
    return offset;
  }
}
