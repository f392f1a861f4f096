package dev.pare.graph;

/** The standard normal distribution, the same on every machine. */
final class NormalDistribution {
  private static final double ROOT = Math.sqrt(2 * Math.PI);

  private NormalDistribution() {}

  static double density(double x) {
    return StrictMath.exp(-x * x / 2) / ROOT;
  }

  /**
   * The share below x, to 15 digits: by its series (Marsaglia 2004) in the middle, and by the
   * continued fraction of Laplace in the tails.
   */
  static double cumulative(double x) {
    if (Math.abs(x) < 4) {
      double sum = x;
      double term = x;
      for (int i = 3; sum != sum + term; i += 2) {
        term *= x * x / i;
        sum += term;
      }
      return 0.5 + sum * density(x);
    }
    double fraction = Math.abs(x);
    for (int i = 40; i > 0; i--) {
      fraction = Math.abs(x) + i / fraction;
    }
    double tail = density(x) / fraction;
    return x < 0 ? tail : 1 - tail;
  }
}
