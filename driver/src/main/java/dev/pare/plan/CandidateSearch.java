package dev.pare.plan;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Outcome;
import dev.pare.search.Replication;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The candidates of a sweep, as its strategy asks for them. Outcomes are told in the order of
 * asking, so that they alone decide what follows: not how many candidates run at once, nor which
 * ends first, nor whether an earlier run has computed them.
 *
 * <p>The points that the sweep spells out come after the first ones that the strategy asks for, and
 * are not told to it. With repetitions those follow of what cannot be told apart when all others
 * have ended, whatever asked for them.
 */
public final class CandidateSearch {
  private static final Logger LOG = LoggerFactory.getLogger(CandidateSearch.class);
  private static final Dimension REPEAT = new Dimension(SearchStrategies.REPEAT);
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
  private final List<SearchBudget> budgets;
  private final @Nullable Replication<Tried> replication;
  private final Deque<Asked> waiting = new ArrayDeque<>();
  private long asked;
  private boolean hasAddedPoints;
  private boolean repeats;
  private boolean isComplete;

  /**
   * Values that a candidate was made of.
   *
   * @param spelledOut whether they are one of the points that the sweep spells out
   */
  private record Tried(Map<Dimension, String> values, boolean spelledOut) {}

  /**
   * A candidate whose outcome is waited for.
   *
   * @param point that the strategy asked for, if it did
   */
  private record Asked(@Nullable SearchPoint point, Tried tried, Candidate candidate) {}

  /**
   * @param architectures what those are that students may begin with
   * @param seconds how long a stage is guessed to take, by its settings alone
   */
  public CandidateSearch(SweepSpec spec, StudentArchitectures architectures, StageCosts seconds) {
    SearchSettings settings = spec.search();
    candidates = new CandidateSpace(spec, architectures);
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
    budgets = SearchBudget.of(settings);
    replication = settings.repeats() > 1 ? new Replication<>(settings.repeats()) : null;
  }

  private static SearchSpace space(SweepSpec spec) {
    List<SearchAxis> axes = new ArrayList<>();
    spec.space().forEach((dimension, values) -> axes.add(new SearchAxis(dimension.key(), values)));
    return new SearchSpace(axes);
  }

  /** Every candidate of a sweep's whole space, whatever its strategy, and of its points. */
  public static List<Candidate> all(SweepSpec spec) {
    return all(spec, StudentArchitectures.UNKNOWN);
  }

  /** The same, with architectures that are known. */
  public static List<Candidate> all(SweepSpec spec, StudentArchitectures architectures) {
    return new CandidateSearch(spec.with(SearchSettings.GRID), architectures, (stage, start) -> 1)
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
      boolean hasEnded = repeats || hasAsked(next);
      if (!hasAddedPoints) {
        addPoints(next);
        hasAddedPoints = true;
      }
      if (hasEnded) {
        end(next);
      }
      if (!tell(outcomes)) {
        break;
      }
    }
    return next;
  }

  /** Asks for what there is room for; whether the strategy will ask for nothing any more. */
  private boolean hasAsked(List<Candidate> next) {
    while (asked < limit) {
      int most = (int) Math.min(room(underWay()), limit - asked);
      if (most == 0) {
        return waiting.isEmpty();
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
        Tried tried = new Tried(values(point), false);
        int before = candidates.size();
        Candidate candidate = begin(() -> candidates.candidate(tried.values), true, next);
        asked += candidates.size() - before;
        if (learns || !budgets.isEmpty() || replication != null) {
          waiting.add(new Asked(point, tried, candidate));
        }
      }
      if (more.isEmpty()) {
        return waiting.isEmpty();
      }
    }
    return true;
  }

  /**
   * Begins a candidate, if there was none that does the same.
   *
   * @param counts whether budgets count it
   */
  private Candidate begin(Supplier<Candidate> made, boolean counts, List<Candidate> next) {
    int before = candidates.size();
    Candidate candidate = made.get();
    if (candidates.size() > before) {
      next.add(candidate);
      costs.begin(candidate.stages());
      if (counts) {
        budgets.forEach(budget -> budget.begin(candidate));
      }
    }
    return candidate;
  }

  /** Repeats what cannot be told apart when all is known, until there is no such thing. */
  private void end(List<Candidate> next) {
    if (replication == null) {
      waiting.clear();
      isComplete = true;
      return;
    }
    if (!waiting.isEmpty()) {
      return;
    }
    if (!repeats) {
      budgets.forEach(SearchBudget::release);
    }
    repeats = true;
    int room = room(0);
    for (Replication.Repeat<Tried> repeat : replication.next(room)) {
      Tried tried = repeat.candidate();
      Candidate candidate =
          begin(
              () -> candidates.repeated(tried.values, tried.spelledOut, repeat.number()),
              true,
              next);
      waiting.add(new Asked(null, tried, candidate));
    }
    isComplete = waiting.isEmpty();
  }

  private int room(int underWay) {
    int room = MOST_AT_ONCE;
    for (SearchBudget budget : budgets) {
      room = Math.min(room, budget.room(underWay));
    }
    return room;
  }

  /** How many wait that the strategy asked for. */
  private int underWay() {
    return (int) waiting.stream().filter(asked -> asked.point() != null).count();
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
      Tried tried = new Tried(points.get(i), true);
      int before = candidates.size();
      Candidate candidate = begin(() -> candidates.spelledOut(tried.values), false, next);
      if (candidates.size() > before) {
        // What is one of several trainings already is what the sweep wants of them.
        if (replication != null && !tried.values.containsKey(REPEAT)) {
          waiting.add(new Asked(null, tried, candidate));
        }
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
    // Of points their repetitions alone are counted.
    if (repeats || !first.tried.spelledOut) {
      budgets.forEach(budget -> budget.take(first.candidate(), outcome));
    }
    if (learns && first.point() != null) {
      search.tell(first.point(), outcome);
    }
    if (replication != null) {
      replication.take(first.tried(), outcome);
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
    long more = repeats ? 0 : Math.max(0, expected - asked);
    for (SearchBudget budget : budgets) {
      more = Math.min(more, Math.max(0, budget.left() - underWay()));
    }
    return (int) Math.min(candidates.size() + more + pointsLeft(), Integer.MAX_VALUE);
  }

  private int pointsLeft() {
    return hasAddedPoints ? 0 : points.size();
  }
}
