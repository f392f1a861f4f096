package dev.pare.data;

import java.util.SplittableRandom;

/** The seed of random tests: {@code -Dtest.seed}, else a new one; printed, to rerun a failure. */
public final class TestSeed {
  private TestSeed() {}

  public static SplittableRandom random() {
    String given = System.getProperty("test.seed", "");
    long seed = given.isBlank() ? new SplittableRandom().nextLong() : Long.parseLong(given);
    System.out.println("-Dtest.seed=" + seed);
    return new SplittableRandom(seed);
  }
}
