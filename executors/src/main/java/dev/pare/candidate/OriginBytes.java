package dev.pare.candidate;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of whole files of the same network, that differ in whether they hold its origin: the seed
 * from which its weights were first drawn, which only networks that Pare trained have.
 *
 * @param with null if there is none
 * @param without hidden units in the order that codes best; null where nobody has tried
 */
public record OriginBytes(@Nullable Long with, @Nullable Long without) implements Serializable {
  /** Where nobody has tried. */
  public static final OriginBytes UNKNOWN = new OriginBytes(null, null);
}
