package dev.pare.codec;

import java.util.SplittableRandom;

/** Level matrices of all kinds for tests. */
public final class RandomLevels {
  private RandomLevels() {}

  /**
   * Independent levels.
   *
   * @param density probability that a level is not 0
   * @param most greatest magnitude; smaller ones are likelier
   */
  public static LevelMatrix independent(
      SplittableRandom random, int rows, int columns, double density, int most) {
    short[] levels = new short[rows * columns];
    for (int i = 0; i < levels.length; i++) {
      if (random.nextDouble() < density) {
        int magnitude = 1 + Math.min(random.nextInt(most), random.nextInt(most));
        levels[i] = (short) (random.nextBoolean() ? magnitude : -magnitude);
      }
    }
    return new LevelMatrix(rows, columns, levels);
  }

  /** Levels of a random shape, density and range, of at most {@code mostSize} in all. */
  public static LevelMatrix any(SplittableRandom random, int mostSize) {
    int rows = 1 + random.nextInt((int) Math.sqrt(mostSize));
    int columns = 1 + random.nextInt(mostSize / rows);
    double density = Math.pow(random.nextDouble(), 3);
    int most = 1 + random.nextInt(1 << random.nextInt(1, 9));
    return independent(random, rows, columns, density, most);
  }
}
