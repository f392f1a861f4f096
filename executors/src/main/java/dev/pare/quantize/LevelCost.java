package dev.pare.quantize;

/** What levels cost in the file, while they are still being chosen. */
public interface LevelCost {
  /**
   * Prices the levels of a tensor, from its first place on.
   *
   * @param levels that it has now, row-major, not all 0; those chosen must lie within their range
   */
  Pass over(int rows, int columns, short[] levels);

  /** One pass over a tensor, in the order in which its levels are coded. */
  interface Pass {
    /** Whether there is a place left. */
    boolean hasNext();

    /** Where the place lies in the row-major tensor. */
    int index();

    /** What a level would cost at this place, in bits, given those chosen before. */
    double bits(int level);

    /** Puts a level at this place and goes on to the next. */
    void choose(int level);
  }
}
