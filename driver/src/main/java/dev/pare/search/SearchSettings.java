package dev.pare.search;

import static java.util.Objects.requireNonNull;

import dev.pare.candidate.Registered;
import dev.pare.search.SearchStrategy.Parameter;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a sweep searches its space.
 *
 * @param candidates most that it tries, at least 1, those that are spelled out not counted; null
 *     where the strategy tries all, or the budget alone ends it
 * @param budgets what it may take; without a limit where the strategy tries all
 * @param population candidates of a generation, or under way at a time, at least 4; with rungs
 *     under way with the smallest share; with a budget also how many run at most before it is known
 *     what they take
 * @param maxLoss how much worse than the best one that is known a candidate may be to count as a
 *     good one: percentage points of a share, else in the metric's own unit; above 0; null where
 *     every candidate of the frontier counts
 * @param rungs shares of their epochs with which candidates are tried before all of them, rising,
 *     above 0 and below 1; empty where all are trained to the end
 * @param repeats how often a candidate of the frontier is trained at most, at least 1; above 1
 *     those are trained again, at the end, of which it cannot be told which are better
 */
public record SearchSettings(
    Strategy strategy,
    @Nullable Integer candidates,
    Budgets budgets,
    int population,
    @Nullable Double maxLoss,
    List<Double> rungs,
    int repeats)
    implements Serializable {
  /** Of a generation, unless set. */
  public static final int USUAL_POPULATION = 20;

  /** Fewest of a generation: two pairs of parents. */
  public static final int LEAST_POPULATION = 4;

  /** Every combination. */
  public static final SearchSettings GRID =
      new SearchSettings(Strategy.GRID, null, Budgets.NONE, USUAL_POPULATION, null, List.of(), 1);

  /** One of {@link SearchStrategies}. */
  public record Strategy(String name) implements Registered {
    public static final Strategy GRID = new Strategy("grid");

    public Strategy {
      requireNonNull(name, "name is null");
    }
  }

  public SearchSettings {
    requireNonNull(strategy, "strategy is null");
    requireNonNull(budgets, "budgets is null");
    rungs = List.copyOf(rungs);
    boolean limited = SearchStrategies.of(strategy).parameters().contains(Parameter.CANDIDATES);
    if (limited != (candidates != null || budgets.isLimited())) {
      throw new IllegalArgumentException(
          (limited ? "search.candidates or " : "search.candidates and ")
              + "search.budget, search.epochs "
              + (limited ? "or" : "and")
              + " search.wall-time must be "
              + (limited ? "set" : "left out")
              + " where search.strategy = "
              + strategy.name());
    }
    if (candidates != null && candidates < 1) {
      throw new IllegalArgumentException(
          "search.candidates = " + candidates + ": must be at least 1");
    }
    if (population < LEAST_POPULATION) {
      throw new IllegalArgumentException(
          "search.population = " + population + ": must be at least " + LEAST_POPULATION);
    }
    if (maxLoss != null && !(maxLoss > 0 && looksAtLoss(strategy, rungs))) {
      throw new IllegalArgumentException(
          "search.max-loss = "
              + maxLoss
              + ": must be above 0, and left out where search.strategy = "
              + strategy.name());
    }
    if (repeats < 1) {
      throw new IllegalArgumentException("search.repeats = " + repeats + ": must be at least 1");
    }
    double last = 0;
    for (double rung : rungs) {
      if (!(rung > last && rung < 1)) {
        throw new IllegalArgumentException(
            "search.rungs = " + rungs + ": must rise, above 0 and below 1");
      }
      last = rung;
    }
  }

  private static boolean looksAtLoss(Strategy strategy, List<Double> rungs) {
    return !rungs.isEmpty()
        || SearchStrategies.of(strategy).parameters().contains(Parameter.MAX_LOSS);
  }

  /** Whether it goes by {@link #maxLoss}. */
  public boolean looksAtLoss() {
    return looksAtLoss(strategy, rungs);
  }

  /** Whether outcomes change what is asked for; all is known beforehand if not. */
  public boolean learns() {
    return !rungs.isEmpty() || SearchStrategies.of(strategy).learns();
  }

  /** All shares of their epochs that candidates are tried with; empty without rungs. */
  public List<String> shares() {
    List<String> shares = new ArrayList<>();
    for (double rung : rungs) {
      shares.add(BigDecimal.valueOf(rung).stripTrailingZeros().toPlainString());
    }
    if (!shares.isEmpty()) {
      shares.add("1");
    }
    return shares;
  }

  /** How often a point is tried in the mean: once, and with rungs again if it goes on. */
  public double triesAPoint() {
    double tries = 1;
    double part = 1;
    for (int rung = 0; rung < rungs.size(); rung++) {
      part /= SuccessiveHalving.REDUCTION;
      tries += part;
    }
    return tries;
  }

  /** How much longer a try takes in the mean than a first one. */
  public double meanTry() {
    double epochs = 0;
    double part = 1;
    for (String share : shares()) {
      epochs += part * Double.parseDouble(share);
      part /= SuccessiveHalving.REDUCTION;
    }
    return rungs.isEmpty() ? 1 : epochs / triesAPoint() / rungs.get(0);
  }

  /** How much less quality than the best a good candidate may have. */
  double tolerance() {
    return maxLoss == null ? Double.POSITIVE_INFINITY : maxLoss;
  }

  /** The population, but no more than will be tried at all. */
  int atOnce() {
    return candidates == null ? population : Math.min(population, candidates);
  }
}
