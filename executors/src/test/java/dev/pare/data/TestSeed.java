package dev.pare.data;

import java.util.SplittableRandom;

/**
 * The seed of random tests: {@code -Dtest.seed=…}, or a new one for {@code -Dtest.seed=random};
 * printed, to rerun a failure. Without either it is always the same, so that what passed once
 * passes again.
 */
public final class TestSeed {
  private TestSeed() {}

  public static SplittableRandom random() {
    String given = System.getProperty("test.seed", "");
    long seed =
        switch (given) {
          case "" -> 1;
          case "random" -> new SplittableRandom().nextLong();
          default -> Long.parseLong(given);
        };
    System.out.println("-Dtest.seed=" + seed);
    return new SplittableRandom(seed);
  }
}
