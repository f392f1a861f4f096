package dev.pare.report.plot;

import java.util.ArrayList;
import java.util.List;

/**
 * An axis: values to places, and the values worth a label.
 *
 * @param low the value at {@code from}
 * @param high the value at {@code to}, more than {@code low}
 * @param logarithmic equal factors rather than equal differences at equal distances; {@code low}
 *     must be positive then
 */
record Scale(double low, double high, double from, double to, boolean logarithmic) {
  private static final double[][] FACTORS = {
    {1},
    {1, 3},
    {1, 2, 5},
    {1, 1.5, 2, 3, 5, 7},
    {1, 1.5, 2, 3, 4, 5, 6, 8},
    {1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9}
  };
  private static final int FEWEST = 4;

  Scale {
    if (!(low < high) || (logarithmic && !(low > 0))) {
      throw new IllegalArgumentException("an axis from " + low + " to " + high);
    }
  }

  /** An axis of factors with some room at both ends. */
  static Scale ofFactors(double least, double most, double from, double to) {
    double room = Math.max(1.12, Math.pow(most / least, 0.04));
    return new Scale(least / room, most * room, from, to, true);
  }

  /** An axis of differences with some room at the upper end. */
  static Scale ofDifferences(double most, double from, double to) {
    return new Scale(0, most > 0 ? 1.08 * most : 1, from, to, false);
  }

  /** An axis of differences that need not begin at zero, with some room at both ends. */
  static Scale ofRange(double least, double most, double from, double to) {
    double room = most > least ? 0.06 * (most - least) : Math.max(1e-6, Math.abs(most) / 10);
    return new Scale(least - room, most + room, from, to, false);
  }

  double place(double value) {
    double share =
        logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    return from + share * (to - from);
  }

  /** Round values on the axis, by rising value. */
  List<Double> ticks() {
    if (!logarithmic) {
      double step = step((high - low) / 5);
      return multiples(step);
    }
    List<Double> ticks = List.of();
    for (double[] factors : FACTORS) {
      ticks = powers(factors);
      if (ticks.size() >= FEWEST) {
        return ticks;
      }
    }
    return ticks;
  }

  private List<Double> multiples(double step) {
    List<Double> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(low / step); i * step <= high; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  private List<Double> powers(double[] factors) {
    List<Double> ticks = new ArrayList<>();
    int last = (int) Math.floor(Math.log10(high));
    for (int power = (int) Math.floor(Math.log10(low)); power <= last; power++) {
      for (double factor : factors) {
        double tick = factor * Math.pow(10, power);
        if (tick >= low && tick <= high) {
          ticks.add(tick);
        }
      }
    }
    return ticks;
  }

  /** The next of 1, 2, 5, 10 … times a power of ten. */
  private static double step(double least) {
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    for (double factor : new double[] {1, 2, 5}) {
      if (factor * power >= least) {
        return factor * power;
      }
    }
    return 10 * power;
  }
}
