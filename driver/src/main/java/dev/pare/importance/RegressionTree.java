package dev.pare.importance;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * An extremely randomized tree (Geurts, Ernst and Wehenkel 2006, without a bootstrap, with all
 * factors at every node): of some random splits of each factor the one that leaves the least
 * variance, until the points of a leaf have all values in common. A tree therefore has every
 * point's value exactly, or the mean of the points that cannot be told apart; trees differ in what
 * lies between.
 */
final class RegressionTree {
  /** Random splits of each factor to choose from. */
  private static final int DRAWS = 4;

  private final List<Factor> factors;
  private final int[][] codes;
  private final double[] values;
  private final SplittableRandom random;
  private final int[] rows;
  private final int[] side;
  private final List<Leaf> leaves = new ArrayList<>();

  /**
   * A part of the space, and what is predicted there.
   *
   * @param boxes of each factor the bits of the values that are within
   */
  record Leaf(long[] boxes, double value) {}

  /** A split: the values of a factor that go left. */
  private record Split(int factor, long left, double gain) {}

  private RegressionTree(
      List<Factor> factors, int[][] codes, double[] values, SplittableRandom random) {
    this.factors = factors;
    this.codes = codes;
    this.values = values;
    this.random = random;
    rows = new int[values.length];
    side = new int[values.length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i;
    }
  }

  /**
   * The leaves of a tree, which fill the space.
   *
   * @param codes of each factor, of each point
   * @param values of the points, at least one
   */
  static List<Leaf> leaves(
      List<Factor> factors, int[][] codes, double[] values, SplittableRandom random) {
    RegressionTree tree = new RegressionTree(factors, codes, values, random);
    tree.grow(0, values.length, factors.stream().mapToLong(Factor::all).toArray());
    return tree.leaves;
  }

  private void grow(int from, int to, long[] boxes) {
    Split best = null;
    for (int factor = 0; factor < boxes.length; factor++) {
      long present = present(factor, from, to);
      for (int draw = 0; draw < DRAWS && Long.bitCount(present) > 1; draw++) {
        long left = left(factors.get(factor), boxes[factor], present);
        Split split = new Split(factor, left, gain(factor, left, from, to));
        if (best == null || split.gain > best.gain) {
          best = split;
        }
      }
    }
    if (best == null) {
      leaves.add(new Leaf(boxes, mean(from, to)));
      return;
    }
    int middle = partition(best, from, to);
    long[] left = boxes.clone();
    long[] right = boxes.clone();
    left[best.factor] &= best.left;
    right[best.factor] &= ~best.left;
    grow(from, middle, left);
    grow(middle, to, right);
  }

  private long present(int factor, int from, int to) {
    long present = 0;
    for (int i = from; i < to; i++) {
      present |= 1L << codes[factor][rows[i]];
    }
    return present;
  }

  /** A random part of a box that has some of the values that are present, and not all of them. */
  private long left(Factor factor, long box, long present) {
    if (factor.scale() == Factor.Scale.ORDERED) {
      int least = Long.numberOfTrailingZeros(present);
      int most = Long.SIZE - 1 - Long.numberOfLeadingZeros(present);
      return box & ((1L << random.nextInt(least + 1, most + 1)) - 1);
    }
    long left;
    do {
      left = box & random.nextLong();
    } while ((left & present) == 0 || (left & present) == present);
    return left;
  }

  /** By how much a split lowers the sum of squares, up to what is the same for all splits. */
  private double gain(int factor, long left, int from, int to) {
    double leftSum = 0;
    double sum = 0;
    int leftCount = 0;
    for (int i = from; i < to; i++) {
      double value = values[rows[i]];
      sum += value;
      if ((left >>> codes[factor][rows[i]] & 1) != 0) {
        leftSum += value;
        leftCount++;
      }
    }
    double rightSum = sum - leftSum;
    return leftSum * leftSum / leftCount + rightSum * rightSum / (to - from - leftCount);
  }

  private double mean(int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += values[rows[i]];
    }
    return sum / (to - from);
  }

  /** Puts the points that go left before the others, all in their order. */
  private int partition(Split split, int from, int to) {
    int lefts = from;
    int rights = 0;
    for (int i = from; i < to; i++) {
      int row = rows[i];
      if ((split.left >>> codes[split.factor][row] & 1) != 0) {
        rows[lefts++] = row;
      } else {
        side[rights++] = row;
      }
    }
    System.arraycopy(side, 0, rows, lefts, rights);
    return lefts;
  }
}
