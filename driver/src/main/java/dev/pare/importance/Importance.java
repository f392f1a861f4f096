package dev.pare.importance;

import dev.pare.candidate.Measurement;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.ledger.LedgerEntry;
import dev.pare.search.SearchStrategies;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Which settings mattered: the shares of the variance of log2(bytes) and of the metric that follow
 * from each setting alone, and from each two of them beyond that, by functional ANOVA of a forest
 * of regression trees (Hutter, Hoos and Leyton-Brown 2014: An efficient approach for assessing
 * hyperparameter importance).
 *
 * <p>All combinations of the values that candidates had count alike, whichever were tried. Where
 * all were, the shares are those of the plain analysis of variance, without any estimate. Equal
 * candidates in any order have equal shares.
 *
 * @param settings how many vary
 * @param candidates measured ones that were taken into account
 * @param leftOut measured ones with a value that no other has
 * @param needed how many candidates there must be: {@value #CANDIDATES_A_VALUE} for each value of
 *     each setting, unless they are a whole grid
 * @param alone each setting, what explains most first; empty where there are fewer than two, or too
 *     few candidates
 * @param pairs each two settings, in the same order
 */
public record Importance(
    int settings, int candidates, int leftOut, int needed, List<Effect> alone, List<Effect> pairs) {
  private static final int CANDIDATES_A_VALUE = 2;

  /** Pairs that explain less of both are not worth a line. */
  private static final double LEAST_SHARE = 0.01;

  private static final int MOST_PAIRS = 5;

  private static final Comparator<Effect> LARGEST_FIRST =
      Comparator.comparingDouble(Effect::largest)
          .reversed()
          .thenComparing(effect -> String.join("\0", effect.settings()));

  public Importance {
    alone = List.copyOf(alone);
    pairs = List.copyOf(pairs);
  }

  /**
   * What settings explain.
   *
   * @param settings one, or two for what they explain together beyond what each does alone
   * @param size share of the variance of log2(bytes), from 0 to 1; 0 where all files have one size
   * @param quality share of the variance of the metric, likewise
   */
  public record Effect(List<String> settings, double size, double quality) {
    public Effect {
      settings = List.copyOf(settings);
    }

    private double largest() {
      return Math.max(size, quality);
    }
  }

  /** What varies, but for random choices alone. */
  private static Map<String, String> settings(LedgerEntry entry) {
    Map<String, String> settings = new TreeMap<>(entry.point());
    settings.remove(SearchStrategies.REPEAT);
    return settings;
  }

  /**
   * The importance of what varies among candidates; those that failed are left out.
   *
   * @param ledger of one sweep or of several, whose candidates of equal points count as repetitions
   */
  public static Importance of(List<LedgerEntry> ledger) {
    Set<StageKey> known = new HashSet<>();
    List<LedgerEntry> measured =
        ledger.stream()
            .filter(entry -> entry.outcome() instanceof Outcome.Measured)
            .filter(entry -> known.add(entry.outcome().key()))
            // Sums of the same numbers in another order would differ in their last bits.
            .sorted(Comparator.comparing((LedgerEntry entry) -> entry.outcome().key().hex()))
            .toList();
    Factors factors = Factors.of(measured.stream().map(Importance::settings).toList());
    List<Factor> list = factors.list();
    int candidates = factors.kept().size();
    int needed =
        factors.isGrid()
            ? candidates
            : CANDIDATES_A_VALUE * list.stream().mapToInt(Factor::values).sum();
    int leftOut = measured.size() - candidates;
    if (list.size() < 2 || candidates < needed) {
      return new Importance(list.size(), candidates, leftOut, needed, List.of(), List.of());
    }
    List<Measurement> kept =
        factors.kept().stream()
            .map(i -> ((Outcome.Measured) measured.get(i).outcome()).measurement())
            .toList();
    FunctionalAnova size = anova(factors, kept, Measurement::log2Bytes);
    FunctionalAnova quality = anova(factors, kept, m -> m.score().quality());
    List<Effect> alone = new ArrayList<>();
    List<Effect> pairs = new ArrayList<>();
    for (int one = 0; one < list.size(); one++) {
      String name = list.get(one).name();
      alone.add(new Effect(List.of(name), size.alone(one), quality.alone(one)));
      for (int other = one + 1; other < list.size(); other++) {
        pairs.add(
            new Effect(
                List.of(name, list.get(other).name()),
                size.together(one, other),
                quality.together(one, other)));
      }
    }
    alone.sort(LARGEST_FIRST);
    pairs.sort(LARGEST_FIRST);
    return new Importance(list.size(), candidates, leftOut, needed, alone, pairs);
  }

  private static FunctionalAnova anova(
      Factors factors, List<Measurement> measured, ToDoubleFunction<Measurement> value) {
    return FunctionalAnova.of(factors, measured.stream().mapToDouble(value).toArray());
  }

  /** Whether there was enough to tell anything from. */
  public boolean isKnown() {
    return !alone.isEmpty();
  }

  /** Why there is nothing to tell, for people. */
  public String reason() {
    return settings < 2
        ? "fewer than two settings vary over values that two measured candidates have"
        : "%d settings vary: that takes %d measured candidates, %d for each value, or a whole grid; there are %d"
            .formatted(settings, needed, CANDIDATES_A_VALUE, candidates);
  }

  /** The pairs that are worth a line. */
  public List<Effect> largestPairs() {
    return pairs.stream().filter(pair -> pair.largest() >= LEAST_SHARE).limit(MOST_PAIRS).toList();
  }

  /**
   * What neither settings alone nor {@link #largestPairs} explain: other interactions, and chance.
   * It has no settings.
   */
  public Effect rest() {
    List<Effect> told = new ArrayList<>(alone);
    told.addAll(largestPairs());
    return new Effect(List.of(), rest(told, Effect::size), rest(told, Effect::quality));
  }

  private static double rest(List<Effect> told, ToDoubleFunction<Effect> share) {
    double sum = told.stream().mapToDouble(share).sum();
    // Nothing is left of what does not vary.
    return sum == 0 ? 0 : Math.max(0, 1 - sum);
  }
}
