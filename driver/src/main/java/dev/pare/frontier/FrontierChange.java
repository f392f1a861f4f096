package dev.pare.frontier;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Correctness;
import dev.pare.candidate.Estimate;
import dev.pare.candidate.Metric;
import dev.pare.evaluate.FisherTest;
import dev.pare.evaluate.McNemarTest;
import dev.pare.evaluate.NormalTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a frontier gained or lost against an earlier one. Files of about the same size are compared
 * in pairs, each of the others with the best one that the other frontier has within its size: every
 * file of either frontier is counted. Where there is none, it is as if one got no example right, or
 * was as bad as the metric allows.
 *
 * <p>Classification errors are compared on the examples' own bits if both frontiers were measured
 * on the same examples, else as shares; other metrics by their intervals. The probabilities are
 * corrected for the number of comparisons by Holm's method (1979), so that a pair of frontiers
 * between which nothing has changed but chance is reported as changed in at most {@value
 * #SIGNIFICANCE} of all cases.
 *
 * @param method how files were compared
 * @param budgets by rising bytes: one for each pair and for each of the other files
 */
public record FrontierChange(Method method, List<AtBudget> budgets) {
  /** A difference less likely than this by chance alone is a change. */
  public static final double SIGNIFICANCE = 0.05;

  /** Sizes that differ by no more than this share count as one, unless asked otherwise. */
  public static final double SIZE_SLACK = 0.01;

  public FrontierChange {
    requireNonNull(method, "method is null");
    budgets = List.copyOf(budgets);
  }

  /** How files are compared. */
  public enum Method {
    /** In pairs, by {@link McNemarTest}: the examples are the same. */
    PAIRED,
    /** By {@link FisherTest}: the examples differ. */
    UNPAIRED,
    /**
     * By {@link NormalTest} of what their 95% intervals say, for metrics that are no mean of right
     * answers; as if of other examples, so that on the same ones less is found than there is.
     */
    INTERVALS
  }

  /** What became of a budget. */
  public enum Verdict {
    /** There is a file now that is significantly better than none, and was none. */
    GAINED,
    /** The file is significantly better. */
    BETTER,
    /** It is the same file, or the difference may be chance. */
    SAME,
    /** The file is significantly worse. */
    WORSE,
    /** There was a file that was significantly better than none, and is none. */
    LOST;

    /** Whether people who rely on the frontier have less than before. */
    public boolean isWorse() {
      return this == WORSE || this == LOST;
    }
  }

  /**
   * The best files within a budget, before and after.
   *
   * @param bytes the budget
   * @param before null if there was none
   * @param after null if there is none
   * @param pValue how likely a difference as large or larger is by chance alone, corrected for the
   *     number of comparisons; 1 if nothing was compared
   */
  public record AtBudget(
      long bytes,
      FrontierSnapshot.@Nullable Point before,
      FrontierSnapshot.@Nullable Point after,
      double pValue,
      Verdict verdict) {
    public AtBudget {
      if (before == null && after == null) {
        throw new IllegalArgumentException("nothing within " + bytes + " bytes");
      }
      requireNonNull(verdict, "verdict is null");
    }
  }

  /** Compares two frontiers; sizes within {@link #SIZE_SLACK} count as one. */
  public static FrontierChange of(FrontierSnapshot before, FrontierSnapshot after) {
    return of(before, after, SIZE_SLACK);
  }

  /**
   * Compares two frontiers.
   *
   * @param slack the share by which sizes may differ and count as one, at least 0 and below 1
   * @throws IllegalArgumentException if they are judged by different metrics
   */
  public static FrontierChange of(FrontierSnapshot before, FrontierSnapshot after, double slack) {
    if (!(slack >= 0 && slack < 1)) {
      throw new IllegalArgumentException("slack = " + slack + ": must be at least 0 and below 1");
    }
    Method method = method(before, after);
    List<Pair> pairs = pairs(before, after, slack);
    double[] pValues = new double[pairs.size()];
    Arrays.setAll(pValues, i -> pairs.get(i).pValue(method));
    double[] corrected = holm(pValues);
    return new FrontierChange(
        method,
        IntStream.range(0, pairs.size())
            .mapToObj(i -> pairs.get(i).judged(Double.isNaN(pValues[i]) ? 1 : corrected[i]))
            .toList());
  }

  private static Method method(FrontierSnapshot before, FrontierSnapshot after) {
    Optional<Metric> old = before.metric();
    Optional<Metric> now = after.metric();
    if (old.isPresent() && now.isPresent() && !old.equals(now)) {
      throw new IllegalArgumentException(
          "one is judged by " + old.get() + ", the other by " + now.get());
    }
    if (!old.or(() -> now).orElse(Metric.ERROR).equals(Metric.ERROR)) {
      return Method.INTERVALS;
    }
    return before.examples().equals(after.examples()) ? Method.PAIRED : Method.UNPAIRED;
  }

  /** How many budgets have a verdict. */
  public long count(Verdict verdict) {
    return budgets.stream().filter(budget -> budget.verdict() == verdict).count();
  }

  /** Whether any budget has less than before. */
  public boolean isWorse() {
    return budgets.stream().anyMatch(budget -> budget.verdict().isWorse());
  }

  private static List<Pair> pairs(FrontierSnapshot before, FrontierSnapshot after, double slack) {
    List<FrontierSnapshot.Point> lost = byBytesAndQuality(before);
    List<FrontierSnapshot.Point> gained = byBytesAndQuality(after);
    List<Pair> pairs = new ArrayList<>();
    // Files of the very same size first, lest a neighbour takes one's place.
    for (double within : new double[] {0, slack}) {
      for (FrontierSnapshot.Point old : List.copyOf(lost)) {
        gained.stream()
            .filter(now -> isWithin(within, old.bytes(), now.bytes()))
            .findFirst()
            .ifPresent(
                now -> {
                  pairs.add(new Pair(Math.min(old.bytes(), now.bytes()), old, now));
                  lost.remove(old);
                  gained.remove(now);
                });
      }
    }
    for (FrontierSnapshot.Point old : lost) {
      pairs.add(
          new Pair(old.bytes(), old, after.bestWithin(within(slack, old.bytes())).orElse(null)));
    }
    for (FrontierSnapshot.Point now : gained) {
      pairs.add(new Pair(now.bytes(), before.bestWithin(now.bytes()).orElse(null), now));
    }
    pairs.sort(Comparator.comparingLong(Pair::bytes));
    return pairs;
  }

  /** Without those that a third objective kept. */
  private static List<FrontierSnapshot.Point> byBytesAndQuality(FrontierSnapshot frontier) {
    return new ArrayList<>(ParetoFrontier.<FrontierSnapshot.Point>of(frontier.points()).points());
  }

  private static boolean isWithin(double slack, long bytes, long others) {
    return Math.max(bytes, others) <= within(slack, Math.min(bytes, others));
  }

  private static long within(double slack, long bytes) {
    return bytes + (long) (slack * bytes);
  }

  private record Pair(
      long bytes, FrontierSnapshot.@Nullable Point before, FrontierSnapshot.@Nullable Point after) {
    /** No number where there is nothing to compare. */
    double pValue(Method method) {
      boolean same = before != null && after != null && before.key().equals(after.key());
      if (same && method != Method.UNPAIRED) {
        return Double.NaN;
      }
      return switch (method) {
        case PAIRED ->
            McNemarTest.of(validation(before, after), validation(after, before)).pValue();
        case UNPAIRED -> fisher(validation(before, after), validation(after, before)).pValue();
        case INTERVALS -> intervals();
      };
    }

    private static FisherTest fisher(Correctness old, Correctness now) {
      return new FisherTest(old.correct(), old.examples(), now.correct(), now.examples());
    }

    /** Where there is no file, none could be worse. */
    private double intervals() {
      if (before != null && after != null) {
        return NormalTest.of(before.score(), after.score()).pValue();
      }
      Estimate only = requireNonNull(before != null ? before : after).score();
      OptionalDouble worst = only.metric().worst();
      return worst.isPresent() ? NormalTest.of(only, worst.getAsDouble()).pValue() : 0;
    }

    /** Where there is no file, no example is right. */
    private static Correctness validation(
        FrontierSnapshot.@Nullable Point file, FrontierSnapshot.@Nullable Point other) {
      return file != null
          ? requireNonNull(file.validation())
          : Correctness.of(
              new BitSet(), requireNonNull(requireNonNull(other).validation()).examples());
    }

    AtBudget judged(double pValue) {
      return new AtBudget(bytes, before, after, pValue, verdict(pValue));
    }

    private Verdict verdict(double pValue) {
      if (pValue >= SIGNIFICANCE) {
        return Verdict.SAME;
      }
      if (before == null) {
        return Verdict.GAINED;
      }
      if (after == null) {
        return Verdict.LOST;
      }
      return after.quality() > before.quality() ? Verdict.BETTER : Verdict.WORSE;
    }
  }

  /** Holm's correction; what is no number is no comparison. */
  private static double[] holm(double[] pValues) {
    List<Integer> rising =
        IntStream.range(0, pValues.length)
            .filter(i -> !Double.isNaN(pValues[i]))
            .boxed()
            .sorted(Comparator.comparingDouble(i -> pValues[i]))
            .toList();
    double[] corrected = pValues.clone();
    double largest = 0;
    for (int rank = 0; rank < rising.size(); rank++) {
      int i = rising.get(rank);
      largest = Math.max(largest, Math.min(1, (rising.size() - rank) * pValues[i]));
      corrected[i] = largest;
    }
    return corrected;
  }
}
