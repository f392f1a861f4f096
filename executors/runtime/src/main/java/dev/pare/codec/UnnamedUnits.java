package dev.pare.codec;

/**
 * Units not yet named, ascending: a binary indexed tree (Fenwick 1994) of how many are left, so
 * that naming n of them takes n·log n steps.
 */
public final class UnnamedUnits {
  /** At i, from 1, how many are left of the units i − lowest bit of i up to i − 1. */
  private final int[] left;

  private int count;

  /**
   * @param count how many there are, none of them named
   */
  public UnnamedUnits(int count) {
    left = new int[count + 1];
    for (int i = 1; i <= count; i++) {
      left[i] = Integer.lowestOneBit(i);
    }
    this.count = count;
  }

  /** How many are left. */
  public int count() {
    return count;
  }

  /** Bits that tell one of those that are left. */
  public int width() {
    return Integer.SIZE - Integer.numberOfLeadingZeros(count - 1);
  }

  /** The rank of a unit among those that are left, which it leaves. */
  public int takeUnit(int unit) {
    int rank = 0;
    for (int i = unit; i > 0; i -= Integer.lowestOneBit(i)) {
      rank += left[i];
    }
    take(unit);
    return rank;
  }

  /** The unit of a rank among those that are left, which it leaves. */
  public int takeRank(int rank) {
    int unit = 0;
    int below = rank;
    for (int step = Integer.highestOneBit(left.length - 1); step > 0; step >>= 1) {
      if (unit + step < left.length && left[unit + step] <= below) {
        unit += step;
        below -= left[unit];
      }
    }
    take(unit);
    return unit;
  }

  private void take(int unit) {
    for (int i = unit + 1; i < left.length; i += Integer.lowestOneBit(i)) {
      left[i]--;
    }
    count--;
  }
}
