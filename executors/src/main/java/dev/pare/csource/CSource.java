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
 * @param multiplyAdds how often a weight that is not zero is multiplied for one example
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
