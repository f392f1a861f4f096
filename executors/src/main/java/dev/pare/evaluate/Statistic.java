package dev.pare.evaluate;

/** A number that examples come to, as a function of how often each of them counts. */
@FunctionalInterface
interface Statistic {
  /**
   * @param weights how often each example counts, at least 0
   */
  double of(int[] weights);
}
