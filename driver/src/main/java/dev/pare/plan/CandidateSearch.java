package dev.pare.plan;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageSettings;
import dev.pare.search.Search;
import dev.pare.search.SearchAxis;
import dev.pare.search.SearchPoint;
import dev.pare.search.SearchSettings;
import dev.pare.search.SearchSpace;
import dev.pare.search.SearchStrategies;
import dev.pare.search.SearchStrategy;
import dev.pare.spec.Dimension;
import dev.pare.spec.SweepSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The candidates of a sweep, as its strategy asks for them. Outcomes are told in the order of
 * asking, so that they alone decide what follows: not how many candidates run at once, nor which
 * ends first, nor whether an earlier run has computed them.
 *
 * <p>The points that the sweep spells out come after the first ones that the strategy asks for, and
 * are not told to it.
 */
public final class CandidateSearch {
  private static final Logger LOG = LoggerFactory.getLogger(CandidateSearch.class);
  private static final int MOST_AT_ONCE = 1024;

  private final CandidateSpace candidates;
  private final RemainingCosts costs;
  private final List<Map<Dimension, String>> points;
  private final Map<Dimension, List<String>> values;
  private final SearchStrategy strategy;
  private final boolean learns;
  private final Search search;
  private final long limit;
  private final long expected;
  private final @Nullable SearchBudget budget;
  private final Deque<Asked> waiting = new ArrayDeque<>();
  private long asked;
  private boolean hasAddedPoints;
  private boolean isComplete;

  private record Asked(SearchPoint point, Candidate candidate) {}

  /**
   * @param seconds how long a stage is guessed to take, by its settings alone
   */
  public CandidateSearch(SweepSpec spec, ToDoubleFunction<StageSettings> seconds) {
    SearchSettings settings = spec.search();
    candidates = new CandidateSpace(spec);
    costs = new RemainingCosts(seconds);
    points = spec.points();
    values = new TreeMap<>(spec.space());
    if (!settings.rungs().isEmpty()) {
      values.put(new Dimension(SearchStrategies.EPOCHS_SHARE), settings.shares());
    }
    SearchSpace space = space(spec);
    strategy = SearchStrategies.of(settings.strategy());
    learns = settings.learns();
    search =
        SearchStrategies.start(
            space, settings, point -> costs.seconds(candidates.stages(values(point))), spec.seed());
    boolean onlyPoints = spec.space().isEmpty() && !spec.points().isEmpty();
    long most = settings.candidates() == null ? Long.MAX_VALUE : settings.candidates();
    long tries = Math.max(1, settings.shares().size());
    long all = space.size() > Long.MAX_VALUE / tries ? Long.MAX_VALUE : space.size() * tries;
    limit = onlyPoints ? 0 : Math.min(most, all);
    expected = (long) Math.min(limit, Math.ceil(space.size() * settings.triesAPoint()));
    budget =
        settings.budget() == null
            ? null
            : new SearchBudget(settings.budget(), settings.population());
  }

  private static SearchSpace space(SweepSpec spec) {
    List<SearchAxis> axes = new ArrayList<>();
    spec.space().forEach((dimension, values) -> axes.add(new SearchAxis(dimension.key(), values)));
    return new SearchSpace(axes);
  }

  /** Every candidate of a sweep's whole space, whatever its strategy, and of its points. */
  public static List<Candidate> all(SweepSpec spec) {
    return new CandidateSearch(spec.with(SearchSettings.GRID), stage -> 1)
        .next(candidate -> Optional.empty());
  }

  /**
   * The candidates that are to be tried now, in their order, those of before left out. None if
   * outcomes must be known first, or if there are no more.
   *
   * @param outcomes of candidates that have ended
   */
  public List<Candidate> next(Function<Candidate, Optional<Outcome>> outcomes) {
    List<Candidate> next = new ArrayList<>();
    while (!isComplete) {
      ask(next);
      if (!hasAddedPoints) {
        addPoints(next);
        hasAddedPoints = true;
      }
      if (!tell(outcomes)) {
        break;
      }
    }
    return next;
  }

  private void ask(List<Candidate> next) {
    while (asked < limit) {
      int most = (int) Math.min(room(), limit - asked);
      if (most == 0) {
        isComplete = waiting.isEmpty();
        return;
      }
      List<SearchPoint> more = search.ask(most);
      if (more.size() > most) {
        throw new IllegalStateException(
            strategy.name()
                + " asks for "
                + more.size()
                + " points where there is room for "
                + most);
      }
      for (SearchPoint point : more) {
        int before = candidates.size();
        Candidate candidate = candidates.candidate(values(point));
        if (candidates.size() > before) {
          next.add(candidate);
          costs.begin(candidate.stages());
          asked++;
        }
        if (learns || budget != null) {
          waiting.add(new Asked(point, candidate));
        }
      }
      if (more.isEmpty()) {
        isComplete = waiting.isEmpty();
        return;
      }
    }
    isComplete = true;
    waiting.clear();
  }

  private int room() {
    return budget == null ? MOST_AT_ONCE : Math.min(MOST_AT_ONCE, budget.room(waiting.size()));
  }

  /** In the order of dimensions. */
  private Map<Dimension, String> values(SearchPoint point) {
    Map<Dimension, String> chosen = new LinkedHashMap<>();
    values.forEach(
        (dimension, all) -> {
          String value = point.values().get(dimension.key());
          if (value == null || !all.contains(value)) {
            throw new IllegalStateException(
                "the search strategy asks for %s, which is no point of the space"
                    .formatted(point.values()));
          }
          chosen.put(dimension, value);
        });
    return chosen;
  }

  private void addPoints(List<Candidate> next) {
    for (int i = 0; i < points.size(); i++) {
      int before = candidates.size();
      Candidate candidate = candidates.spelledOut(points.get(i));
      if (candidates.size() > before) {
        next.add(candidate);
        costs.begin(candidate.stages());
      } else {
        LOG.warn(
            "points[{}] = {} is left out: it does the same as {}",
            i,
            points.get(i),
            candidate.point());
      }
    }
  }

  /** Tells the next outcome, if it is known. */
  private boolean tell(Function<Candidate, Optional<Outcome>> outcomes) {
    if (waiting.isEmpty()) {
      return false;
    }
    Optional<Outcome> outcome = outcomes.apply(waiting.element().candidate());
    outcome.ifPresent(known -> take(waiting.remove(), known));
    return outcome.isPresent();
  }

  private void take(Asked first, Outcome outcome) {
    if (budget != null) {
      budget.take(first.candidate(), outcome);
    }
    if (learns) {
      search.tell(first.point(), outcome);
    }
  }

  /** Whether all candidates are known, so that none follow whatever comes of them. */
  public boolean isComplete() {
    return isComplete;
  }

  /**
   * How many candidates there can be at most, those that there are already included; with a budget
   * or rungs, how many will be, as far as can be told.
   */
  public int most() {
    if (isComplete) {
      return candidates.size();
    }
    long more = Math.max(0, expected - asked);
    if (budget != null) {
      more = Math.min(more, Math.max(0, budget.left() - waiting.size()));
    }
    return (int) Math.min(candidates.size() + more + pointsLeft(), Integer.MAX_VALUE);
  }

  private int pointsLeft() {
    return hasAddedPoints ? 0 : points.size();
  }
}
