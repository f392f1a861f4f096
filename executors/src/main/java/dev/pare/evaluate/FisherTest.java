package dev.pare.evaluate;

/**
 * Whether two networks tried on different examples differ, judged by how many each got right
 * (Fisher's exact test, 1922): two-sided, over all tables of the same margins that are no likelier
 * than the one at hand.
 *
 * @param firstRight examples that the first network got right
 * @param firstTotal examples it was tried on, at least 1
 * @param secondRight examples that the second network got right
 * @param secondTotal examples it was tried on, at least 1
 */
public record FisherTest(int firstRight, int firstTotal, int secondRight, int secondTotal) {
  /** Tables as likely as the one at hand count, whatever the rounding of their logarithms. */
  private static final double ROUNDING = 1e-7;

  public FisherTest {
    check(firstRight, firstTotal);
    check(secondRight, secondTotal);
  }

  private static void check(int right, int total) {
    if (total < 1 || right < 0 || right > total) {
      throw new IllegalArgumentException(right + " right of " + total);
    }
  }

  /** How likely a difference as large or larger is if there is none, from 0 to 1. */
  public double pValue() {
    int right = firstRight + secondRight;
    int least = Math.max(0, right - secondTotal);
    int most = Math.min(right, firstTotal);
    double[] logTerms = new double[most - least + 1];
    for (int k = least + 1; k <= most; k++) {
      double ratio =
          ((double) (right - k + 1) / k)
              * ((double) (firstTotal - k + 1) / (secondTotal - right + k));
      logTerms[k - least] = logTerms[k - least - 1] + StrictMath.log(ratio);
    }
    double largest = Double.NEGATIVE_INFINITY;
    for (double logTerm : logTerms) {
      largest = Math.max(largest, logTerm);
    }
    double observed = logTerms[firstRight - least] + ROUNDING;
    double all = 0;
    double extreme = 0;
    for (double logTerm : logTerms) {
      double term = StrictMath.exp(logTerm - largest);
      all += term;
      extreme += logTerm <= observed ? term : 0;
    }
    return Math.min(1, extreme / all);
  }
}
