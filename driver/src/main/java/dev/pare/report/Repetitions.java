package dev.pare.report;

import dev.pare.candidate.Estimate;
import dev.pare.candidate.Metric;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.frontier.Tradeoff;
import dev.pare.ledger.LedgerEntry;
import dev.pare.result.Runs;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * Candidates that differ in their random choices alone. The variance that these make is one for all
 * candidates of a sweep, pooled, since each has a few runs at most.
 */
public final class Repetitions {
  private static final double UPPER = 0.975;
  private static final Pattern REPEAT = Pattern.compile("\\brepeat=\\d+");

  private Repetitions() {}

  /**
   * Settings but for which of their trainings it is. Points do not tell: the same one may be of the
   * space and spelled out, with other steps on the way to it.
   *
   * @param stages of a candidate, as ledgers have them
   */
  static List<String> settings(List<String> stages) {
    return stages.stream().map(stage -> REPEAT.matcher(stage).replaceAll("repeat=null")).toList();
  }

  /**
   * One for all that differ in their random choices alone: the best of them, and of equally good
   * ones the smallest.
   *
   * @param stages of each, as ledgers have them
   */
  public static <T extends Tradeoff> List<T> best(
      Collection<T> all, Function<T, List<String>> stages) {
    Comparator<T> order =
        Comparator.comparingDouble(T::quality)
            .thenComparing(Comparator.comparingLong(T::bytes).reversed())
            .thenComparing(Comparator.comparing(T::key).reversed());
    Map<List<String>, T> best = new LinkedHashMap<>();
    for (T one : all) {
      best.merge(settings(stages.apply(one)), one, BinaryOperator.maxBy(order));
    }
    return List.copyOf(best.values());
  }

  /** What each candidate's settings came to, by the keys of files; none of what ran once. */
  public static Map<StageKey, Runs> of(List<LedgerEntry> entries) {
    Map<List<String>, Map<StageKey, Estimate>> groups = new LinkedHashMap<>();
    for (LedgerEntry entry : entries) {
      if (entry.outcome() instanceof Outcome.Measured measured) {
        groups
            .computeIfAbsent(settings(entry.stages()), all -> new LinkedHashMap<>())
            .put(measured.key(), measured.measurement().score());
      }
    }
    groups.values().removeIf(group -> group.size() < 2);
    double squares = 0;
    int freedom = 0;
    for (Map<StageKey, Estimate> group : groups.values()) {
      double mean = mean(group.values());
      for (Estimate score : group.values()) {
        squares += (score.value() - mean) * (score.value() - mean);
      }
      freedom += group.size() - 1;
    }
    Map<StageKey, Runs> runs = new HashMap<>();
    for (Map<StageKey, Estimate> group : groups.values()) {
      double error = Math.sqrt(squares / freedom / group.size());
      double half = new TDistribution(freedom).inverseCumulativeProbability(UPPER) * error;
      Runs all = new Runs(group.size(), estimate(group.values(), half));
      group.keySet().forEach(key -> runs.put(key, all));
    }
    return runs;
  }

  private static Estimate estimate(Collection<Estimate> scores, double half) {
    Estimate first = new ArrayList<>(scores).get(0);
    Metric metric = first.metric();
    double mean = mean(scores);
    boolean shares = metric.givesShares();
    return new Estimate(
        metric,
        first.examples(),
        mean,
        shares ? Math.max(0, mean - half) : mean - half,
        shares ? Math.min(1, mean + half) : mean + half);
  }

  private static double mean(Collection<Estimate> scores) {
    return scores.stream().mapToDouble(Estimate::value).average().orElseThrow();
  }
}
