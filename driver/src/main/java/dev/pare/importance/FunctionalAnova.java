package dev.pare.importance;

import dev.pare.importance.RegressionTree.Leaf;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The functional ANOVA of what a forest predicts over all combinations of the factors' values, each
 * counted once (Hutter, Hoos and Leyton-Brown 2014): which share of its variance follows from each
 * factor alone, and which from each two of them beyond that. Of a whole grid every tree is the grid
 * itself, and this is the analysis of variance of the grid.
 */
final class FunctionalAnova {
  private static final long SEED = 1;
  private static final int TREES = 64;

  /** Less than this share of the squares is rounding. */
  private static final double ROUNDING = 1e-18;

  private final List<Factor> factors;
  private final double[][] shares;

  private FunctionalAnova(List<Factor> factors) {
    this.factors = factors;
    shares = new double[factors.size()][factors.size()];
  }

  /**
   * The analysis of values.
   *
   * @param values of the points that the factors keep, finite
   */
  static FunctionalAnova of(Factors factors, double[] values) {
    FunctionalAnova anova = new FunctionalAnova(factors.list());
    int[][] codes = new int[anova.factors.size()][];
    Arrays.setAll(codes, factors::codes);
    double mean = Arrays.stream(values).average().orElse(0);
    double[] centred = Arrays.stream(values).map(value -> value - mean).toArray();
    double squares = Arrays.stream(values).map(value -> value * value).average().orElse(0);
    // Whatever its splits, a tree of a grid is that grid.
    int trees = factors.isGrid() ? 1 : TREES;
    SplittableRandom random = new SplittableRandom(SEED);
    for (int tree = 0; tree < trees; tree++) {
      anova.add(
          RegressionTree.leaves(anova.factors, codes, centred, random.split()),
          ROUNDING * squares,
          trees);
    }
    return anova;
  }

  /** The share that follows from a factor alone; 0 where nothing varies. */
  double alone(int factor) {
    return shares[factor][factor];
  }

  /** The share that follows from two factors, beyond what follows from each of them alone. */
  double together(int one, int other) {
    return shares[Math.min(one, other)][Math.max(one, other)];
  }

  private void add(List<Leaf> leaves, double rounding, int trees) {
    int count = factors.size();
    double[] weights = new double[leaves.size()];
    double mean = 0;
    double squares = 0;
    for (int i = 0; i < weights.length; i++) {
      Leaf leaf = leaves.get(i);
      weights[i] = 1;
      for (int factor = 0; factor < count; factor++) {
        weights[i] *= share(leaf, factor);
      }
      mean += weights[i] * leaf.value();
      squares += weights[i] * leaf.value() * leaf.value();
    }
    double variance = squares - mean * mean;
    if (variance <= rounding) {
      return;
    }
    double[] alone = new double[count];
    for (int one = 0; one < count; one++) {
      alone[one] = alone(leaves, weights, one, mean);
      shares[one][one] += alone[one] / variance / trees;
    }
    for (int one = 0; one < count; one++) {
      for (int other = one + 1; other < count; other++) {
        double both = together(leaves, weights, one, other, mean);
        shares[one][other] += Math.max(0, both - alone[one] - alone[other]) / variance / trees;
      }
    }
  }

  private double share(Leaf leaf, int factor) {
    return (double) Long.bitCount(leaf.boxes()[factor]) / factors.get(factor).values();
  }

  /** The variance of the mean over all other factors, by the values of one. */
  private double alone(List<Leaf> leaves, double[] weights, int factor, double mean) {
    double[] means = new double[factors.get(factor).values()];
    for (int i = 0; i < weights.length; i++) {
      Leaf leaf = leaves.get(i);
      double part = weights[i] / share(leaf, factor) * leaf.value();
      for (long box = leaf.boxes()[factor]; box != 0; box &= box - 1) {
        means[Long.numberOfTrailingZeros(box)] += part;
      }
    }
    return variance(means, mean);
  }

  /** The same by the values of two. */
  private double together(List<Leaf> leaves, double[] weights, int one, int other, double mean) {
    int width = factors.get(other).values();
    double[] means = new double[factors.get(one).values() * width];
    for (int i = 0; i < weights.length; i++) {
      Leaf leaf = leaves.get(i);
      double part = weights[i] / share(leaf, one) / share(leaf, other) * leaf.value();
      for (long rows = leaf.boxes()[one]; rows != 0; rows &= rows - 1) {
        int row = Long.numberOfTrailingZeros(rows) * width;
        for (long box = leaf.boxes()[other]; box != 0; box &= box - 1) {
          means[row + Long.numberOfTrailingZeros(box)] += part;
        }
      }
    }
    return variance(means, mean);
  }

  private static double variance(double[] means, double mean) {
    double squares = 0;
    for (double value : means) {
      squares += (value - mean) * (value - mean);
    }
    return squares / means.length;
  }
}
