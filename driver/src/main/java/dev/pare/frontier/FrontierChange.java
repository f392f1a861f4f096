package dev.pare.frontier;

import static java.util.Objects.requireNonNull;

import dev.pare.evaluate.FisherTest;
import dev.pare.evaluate.McNemarTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a frontier gained or lost against an earlier one. For every size at which one of the two has
 * a file, the most accurate files of about that many bytes are compared.
 *
 * <p>Accuracies are compared on the examples' own bits if both frontiers were measured on the same
 * examples, else as shares. The probabilities are corrected for the number of comparisons by Holm's
 * method (1979), so that a pair of frontiers between which nothing has changed but chance is
 * reported as changed in at most {@value #SIGNIFICANCE} of all cases.
 *
 * @param method how accuracies were compared
 * @param budgets by rising bytes; each has another pair of files than the one before
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

  /** How accuracies are compared. */
  public enum Method {
    /** In pairs, by {@link McNemarTest}: the examples are the same. */
    PAIRED,
    /** By {@link FisherTest}: the examples differ. */
    UNPAIRED
  }

  /** What became of a budget. */
  public enum Verdict {
    /** There is a file now, and was none. */
    GAINED,
    /** The file is significantly more accurate. */
    BETTER,
    /** It is the same file, or the difference may be chance. */
    SAME,
    /** The file is significantly less accurate. */
    WORSE,
    /** There was a file, and is none. */
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
   */
  public static FrontierChange of(FrontierSnapshot before, FrontierSnapshot after, double slack) {
    if (!(slack >= 0 && slack < 1)) {
      throw new IllegalArgumentException("slack = " + slack + ": must be at least 0 and below 1");
    }
    Method method = before.examples().equals(after.examples()) ? Method.PAIRED : Method.UNPAIRED;
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

  /** How many budgets have a verdict. */
  public long count(Verdict verdict) {
    return budgets.stream().filter(budget -> budget.verdict() == verdict).count();
  }

  /** Whether any budget has less than before. */
  public boolean isWorse() {
    return budgets.stream().anyMatch(budget -> budget.verdict().isWorse());
  }

  private static List<Pair> pairs(FrontierSnapshot before, FrontierSnapshot after, double slack) {
    TreeSet<Long> budgets = new TreeSet<>();
    before.points().forEach(point -> budgets.add(point.bytes()));
    after.points().forEach(point -> budgets.add(point.bytes()));
    List<Pair> pairs = new ArrayList<>();
    for (long budget : budgets) {
      long limit = budget + (long) (slack * budget);
      Pair pair =
          new Pair(
              budget, before.bestWithin(limit).orElse(null), after.bestWithin(limit).orElse(null));
      if (pairs.isEmpty() || !pair.isOfSameFilesAs(pairs.get(pairs.size() - 1))) {
        pairs.add(pair);
      }
    }
    return pairs;
  }

  private record Pair(
      long bytes, FrontierSnapshot.@Nullable Point before, FrontierSnapshot.@Nullable Point after) {
    boolean isOfSameFilesAs(Pair other) {
      return java.util.Objects.equals(before, other.before)
          && java.util.Objects.equals(after, other.after);
    }

    /** No number where there is nothing to compare. */
    double pValue(Method method) {
      if (before == null || after == null) {
        return Double.NaN;
      }
      if (before.key().equals(after.key()) && method == Method.PAIRED) {
        return Double.NaN;
      }
      return switch (method) {
        case PAIRED -> McNemarTest.of(before.validation(), after.validation()).pValue();
        case UNPAIRED ->
            new FisherTest(
                    before.validation().correct(),
                    before.validation().examples(),
                    after.validation().correct(),
                    after.validation().examples())
                .pValue();
      };
    }

    AtBudget judged(double pValue) {
      return new AtBudget(bytes, before, after, pValue, verdict(pValue));
    }

    private Verdict verdict(double pValue) {
      if (before == null) {
        return Verdict.GAINED;
      }
      if (after == null) {
        return Verdict.LOST;
      }
      if (pValue >= SIGNIFICANCE) {
        return Verdict.SAME;
      }
      return after.accuracy() > before.accuracy() ? Verdict.BETTER : Verdict.WORSE;
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
