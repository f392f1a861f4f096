package dev.pare.quantize;

import dev.pare.graph.ParameterTensor;

/** What levels cost in the file, while they are still being chosen. */
public interface LevelCost {
  /**
   * Prices the levels of a tensor, from its first place on.
   *
   * @param levels that it has now, row-major, not all 0; those chosen must lie within their range
   */
  Pass over(int rows, int columns, short[] levels);

  /**
   * The same of levels whose values the file's coder knows.
   *
   * @param values that they stand for
   */
  default Pass over(int rows, int columns, short[] levels, Values values) {
    return over(rows, columns, levels);
  }

  /** What the levels of a network's tensor cost. */
  default LevelCost on(ParameterTensor tensor) {
    return this;
  }

  /** The values that levels stand for. */
  @FunctionalInterface
  interface Values {
    double of(int row, int level);
  }

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
