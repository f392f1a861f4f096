package dev.pare.search;

import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A search that chooses each point by all that is known: a fixed number of points is under way at
 * any time, and one more is asked for as soon as one is known. The first ones are spread evenly. Of
 * points that come to the same file there is one.
 */
abstract class LearningSearch implements Search {
  /** Outcomes that are known before points are chosen by them. */
  private static final int LEAST_KNOWN = 10;

  final SearchSpace space;
  final double tolerance;
  final SplittableRandom random;
  private final int underWay;
  private final SearchCosts costs;
  private final HaltonNumbers spread;
  private final List<int[]> positionsByRank = new ArrayList<>();
  private final List<int[]> ranksByPosition = new ArrayList<>();
  private final Set<Long> tried = new HashSet<>();
  private final Map<SearchPoint, int[]> waiting = new LinkedHashMap<>();
  private final Map<StageKey, Known> measured = new LinkedHashMap<>();
  private final List<int[]> failed = new ArrayList<>();

  /**
   * A point that was measured.
   *
   * @param ranks of the values of each axis
   * @param costs as {@link ParetoSplit#costs} has them
   */
  record Known(int[] ranks, double[] costs) {}

  LearningSearch(
      SearchSpace space, SearchSettings settings, SearchCosts costs, SplittableRandom random) {
    this.space = space;
    this.underWay = settings.atOnce();
    this.tolerance = settings.tolerance();
    this.costs = costs;
    this.spread = new HaltonNumbers(space, random.split());
    this.random = random;
    for (SearchAxis axis : space.axes()) {
      int[] positions = axis.ranks().stream().mapToInt(position -> position).toArray();
      int[] ranks = new int[positions.length];
      for (int rank = 0; rank < ranks.length; rank++) {
        ranks[positions[rank]] = rank;
      }
      positionsByRank.add(positions);
      ranksByPosition.add(ranks);
    }
  }

  @Override
  public final List<SearchPoint> ask(int most) {
    List<SearchPoint> points = new ArrayList<>();
    while (points.size() < most && waiting.size() < underWay) {
      OptionalLong number = next();
      if (number.isEmpty()) {
        break;
      }
      tried.add(number.getAsLong());
      SearchPoint point = space.point(number.getAsLong());
      waiting.put(point, exchanged(space.positions(number.getAsLong()), ranksByPosition));
      points.add(point);
    }
    return points;
  }

  /** For each axis what its table has for a value. */
  private static int[] exchanged(int[] values, List<int[]> tables) {
    int[] others = new int[values.length];
    Arrays.setAll(others, axis -> tables.get(axis)[values[axis]]);
    return others;
  }

  @Override
  public final void tell(SearchPoint point, Outcome outcome) {
    int[] ranks = waiting.remove(point);
    if (ranks == null) {
      return;
    }
    if (outcome instanceof Outcome.Measured known) {
      measured.putIfAbsent(outcome.key(), new Known(ranks, ParetoSplit.costs(known.measurement())));
    } else {
      failed.add(ranks);
    }
  }

  private OptionalLong next() {
    if (measured.size() >= 2 && measured.size() + failed.size() >= LEAST_KNOWN) {
      OptionalLong promising = promising();
      if (promising.isPresent()) {
        return promising;
      }
    }
    OptionalLong number = spread.next();
    while (number.isPresent() && tried.contains(number.getAsLong())) {
      number = spread.next();
    }
    return number;
  }

  /** The best point to try next by what is known; none if there is none to be found. */
  abstract OptionalLong promising();

  /** What was measured, in the order of asking; at least two. */
  final List<Known> measured() {
    return List.copyOf(measured.values());
  }

  /** The ranks of points that failed. */
  final List<int[]> failed() {
    return List.copyOf(failed);
  }

  /** The ranks of points that are under way. */
  final List<int[]> waiting() {
    return List.copyOf(waiting.values());
  }

  /** The number of the point with these ranks. */
  final long number(int[] ranks) {
    return space.number(exchanged(ranks, positionsByRank));
  }

  /** Whether a point was asked for before. */
  final boolean isTried(long number) {
    return tried.contains(number);
  }

  /** The logarithm of a point's seconds; most where it is a candidate that was asked for before. */
  final double time(long number) {
    double seconds = costs.seconds(space.point(number));
    return seconds > 0 ? StrictMath.log(seconds) : Double.MAX_VALUE;
  }
}
