package dev.pare.csource;

import static java.util.Objects.requireNonNull;

/**
 * A network as C.
 *
 * @param prefix of all names that other files see, and the files' name
 * @param header what {@code prefix.h} holds
 * @param source what {@code prefix.c} holds
 * @param tableBytes bytes of constants
 * @param ramBytes bytes of variables
 * @param multiplyAdds of one example: of weights that are not zero, and of products without weights
 */
public record CSource(
    String prefix,
    String header,
    String source,
    long tableBytes,
    long ramBytes,
    long multiplyAdds) {
  public CSource {
    requireNonNull(prefix, "prefix is null");
    requireNonNull(header, "header is null");
    requireNonNull(source, "source is null");
  }
}
