package dev.pare.codec;

import java.util.SplittableRandom;

/**
 * The seed of a test's random numbers: {@code -Dtest.seed=…}, or a new one for {@code
 * -Dtest.seed=random}; printed, to be rerun. Without either it is always the same.
 */
public final class RandomSeed {
  private RandomSeed() {}

  /** A generator whose seed was printed together with {@code what} it is for. */
  public static SplittableRandom random(String what) {
    String given = System.getProperty("test.seed", "");
    long seed =
        switch (given) {
          case "" -> 1;
          case "random" -> new SplittableRandom().nextLong();
          default -> Long.parseLong(given);
        };
    System.out.println(what + ": -Dtest.seed=" + seed);
    return new SplittableRandom(seed);
  }
}
