package dev.pare.factorize;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ranks of several matrices that share one budget of numbers.
 *
 * <p>Greedy: from a rank of one each, the step that lowers the sum of the relative squared errors
 * most for each number that it adds, as long as one fits in. A step is to any higher rank of a
 * matrix, or to the matrix itself; of equal steps the earlier matrix's comes first, then the
 * shorter one. Before the first step that does not fit, no other ranks of as many numbers have a
 * smaller error, since each step is one along the lower convex hull of a matrix's errors over its
 * numbers.
 */
final class RankAllotment {
  /** Share of a matrix's squares that is what rounding to floats leaves. */
  private static final double NEGLIGIBLE = 1e-13;

  private RankAllotment() {}

  /** What the ranks of one matrix cost and leave. */
  static final class Part {
    private final int full;
    private final int numbers;
    private final int each;
    private final int beside;

    /** What is left of the squared error at a rank, as a share of the matrix's squares. */
    private final double[] errors;

    /**
     * @param values singular values, descending, at least one and the first above 0
     * @param full the matrix's full rank
     * @param numbers of the matrix itself
     * @param each numbers that a rank costs
     * @param beside numbers beside the product
     */
    Part(double[] values, int full, int numbers, int each, int beside) {
      this.full = full;
      this.numbers = numbers;
      this.each = each;
      this.beside = beside;
      double[] tails = new double[values.length + 1];
      for (int i = values.length - 1; i >= 0; i--) {
        tails[i] = tails[i + 1] + values[i] * values[i];
      }
      int most = 1;
      while (most < values.length
          && tails[most] > NEGLIGIBLE * tails[0]
          && factors(most) < numbers) {
        most++;
      }
      errors = new double[most + 1];
      // The last is the matrix itself, or a product that equals it.
      for (int rank = 0; rank < most; rank++) {
        errors[rank] = tails[rank] / tails[0];
      }
    }

    private long factors(int rank) {
      return beside + (long) rank * each;
    }

    /** The highest rank there is a choice of. */
    int most() {
      return errors.length - 1;
    }

    /** Numbers at a rank, from 1. */
    long cost(int rank) {
      return Math.min(numbers, factors(rank));
    }

    /** A rank as a share of the full one; 1 where the matrix itself takes no more numbers. */
    double share(int rank) {
      return factors(rank) < numbers ? (double) rank / full : 1;
    }

    double error(int rank) {
      return errors[rank];
    }
  }

  /** From one rank of a part to a higher one. */
  private record Step(int part, int rank, double gain) {}

  /**
   * The rank of each part. At least one stays of each, even where that is more than the budget.
   *
   * @param budget the share of the parts' numbers that there may be at most
   */
  static int[] ranks(List<Part> parts, double budget) {
    int[] ranks = new int[parts.size()];
    Arrays.fill(ranks, 1);
    long all = 0;
    long used = 0;
    for (Part part : parts) {
      all += part.numbers;
      used += part.cost(1);
    }
    long room = (long) Math.floor(budget * all) - used;
    for (Step step = best(parts, ranks, room); step != null; step = best(parts, ranks, room)) {
      Part part = parts.get(step.part);
      room -= part.cost(step.rank) - part.cost(ranks[step.part]);
      ranks[step.part] = step.rank;
    }
    return ranks;
  }

  private static @Nullable Step best(List<Part> parts, int[] ranks, long room) {
    Step best = null;
    for (int i = 0; i < ranks.length; i++) {
      Part part = parts.get(i);
      for (int rank = ranks[i] + 1; rank <= part.most(); rank++) {
        long cost = part.cost(rank) - part.cost(ranks[i]);
        double gain = (part.error(ranks[i]) - part.error(rank)) / cost;
        if (cost <= room && (best == null || gain > best.gain)) {
          best = new Step(i, rank, gain);
        }
      }
    }
    return best;
  }
}
