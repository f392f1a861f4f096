package dev.pare.evaluate;

import dev.pare.candidate.Correctness;
import java.util.BitSet;

/**
 * Whether two networks tried on the same examples differ, judged by the examples that only one of
 * them got right (McNemar 1947): were the networks equally good, each such example would be a fair
 * coin's toss. Exact and two-sided, from the binomial distribution.
 *
 * @param onlyFirst examples that only the first one got right
 * @param onlySecond examples that only the second one got right
 */
public record McNemarTest(int onlyFirst, int onlySecond) {
  public McNemarTest {
    if (onlyFirst < 0 || onlySecond < 0) {
      throw new IllegalArgumentException(onlyFirst + " and " + onlySecond + " examples");
    }
  }

  /**
   * Compares two networks.
   *
   * @throws IllegalArgumentException if they were tried on different numbers of examples
   */
  public static McNemarTest of(Correctness first, Correctness second) {
    if (first.examples() != second.examples()) {
      throw new IllegalArgumentException(
          first.examples() + " and " + second.examples() + " examples cannot be paired");
    }
    BitSet onlyFirst = first.right();
    onlyFirst.andNot(second.right());
    BitSet onlySecond = second.right();
    onlySecond.andNot(first.right());
    return new McNemarTest(onlyFirst.cardinality(), onlySecond.cardinality());
  }

  /** How likely a difference as large or larger is if there is none, from 0 to 1. */
  public double pValue() {
    int tosses = onlyFirst + onlySecond;
    int fewer = Math.min(onlyFirst, onlySecond);
    // A term may be smaller than the smallest double, its logarithm is not.
    double logTerm = -tosses * StrictMath.log(2);
    double tail = StrictMath.exp(logTerm);
    for (int k = 1; k <= fewer; k++) {
      logTerm += StrictMath.log((tosses - k + 1.0) / k);
      tail += StrictMath.exp(logTerm);
    }
    return Math.min(1, 2 * tail);
  }
}
