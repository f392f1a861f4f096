package dev.pare.csource;

import static java.util.Objects.requireNonNull;

/**
 * A network as C.
 *
 * @param prefix of all names that other files see, and the files' name
 * @param header what {@code prefix.h} holds
 * @param source what {@code prefix.c} holds
 * @param tableBytes bytes of constants
 * @param codeBytes about how many bytes of code gcc 12.2 makes with {@code -Os} for a Cortex-M3,
 *     with what it brings for floats, which that processor computes in code
 * @param ramBytes bytes of variables
 * @param callerBytes bytes of variables that a caller has: the features and the outputs
 * @param multiplyAdds of one example: of weights that are not zero, and of products without weights
 */
public record CSource(
    String prefix,
    String header,
    String source,
    long tableBytes,
    long codeBytes,
    long ramBytes,
    long callerBytes,
    long multiplyAdds) {
  public CSource {
    requireNonNull(prefix, "prefix is null");
    requireNonNull(header, "header is null");
    requireNonNull(source, "source is null");
  }

  /** Bytes of flash: of constants and of code, without a program that calls it. */
  public long flash() {
    return tableBytes + codeBytes;
  }

  /** Bytes of RAM: of all variables, with the features and the outputs, without the stack. */
  public long ram() {
    return ramBytes + callerBytes;
  }
}
