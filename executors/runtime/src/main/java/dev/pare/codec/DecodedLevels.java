package dev.pare.codec;

import static java.util.Objects.requireNonNull;

/**
 * What a code holds.
 *
 * @param cost of its parts
 */
public record DecodedLevels(LevelMatrix levels, CodeCost cost) {
  public DecodedLevels {
    requireNonNull(levels, "levels is null");
    requireNonNull(cost, "cost is null");
  }
}
