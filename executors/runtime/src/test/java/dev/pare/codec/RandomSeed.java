package dev.pare.codec;

import java.util.SplittableRandom;

/** The seed of a test's random numbers: {@code -Dtest.seed} or a new one, printed to be rerun. */
public final class RandomSeed {
  private RandomSeed() {}

  /** A generator whose seed was printed together with {@code what} it is for. */
  public static SplittableRandom random(String what) {
    String given = System.getProperty("test.seed", "");
    long seed = given.isEmpty() ? new SplittableRandom().nextLong() : Long.parseLong(given);
    System.out.println(what + ": -Dtest.seed=" + seed);
    return new SplittableRandom(seed);
  }
}
