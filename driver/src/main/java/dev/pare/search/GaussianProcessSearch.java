package dev.pare.search;

import dev.pare.search.GaussianProcess.Prediction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Points that are expected to add the most to the area that the frontier dominates, for each second
 * that they take (Emmerich 2005; Snoek, Larochelle and Adams 2012), by a Gaussian process of each
 * of the costs.
 *
 * <p>The first cost is the logarithm of bytes. Of the second one the logarithm is taken, too, of
 * what it is above the least that is known: a few points whose networks are lost would hide what
 * there is to tell of the good ones. Points that failed count as those that are worst, and points
 * under way as if they had their predicted mean, the Kriging believer (Ginsbourger, Le Riche and
 * Carraro 2010).
 */
final class GaussianProcessSearch extends LearningSearch {
  /** Points by which processes go at most: their time grows with the cube. */
  private static final int MOST_POINTS = 250;

  /** How much more must be known for the processes' parameters to be fitted anew. */
  private static final double MORE = 1.15;

  /** Points that are looked at first, of the whole space and near the front each. */
  private static final int DRAWN = 200;

  /** Most steps from the best of these to better neighbours: axes may have a thousand values. */
  private static final int MOST_STEPS = 30;

  /** Of the second costs' median above the least one: where their logarithm's floor is below it. */
  private static final double FLOOR = 0.1;

  private final ProcessFit firstFit;
  private final ProcessFit secondFit;
  private int fittedTo;

  GaussianProcessSearch(
      SearchSpace space, SearchSettings settings, SearchCosts costs, SplittableRandom random) {
    super(space, settings, costs, random);
    this.firstFit = new ProcessFit(space.axes());
    this.secondFit = new ProcessFit(space.axes());
  }

  /** What is known, as the processes have it. */
  private record Lesson(List<int[]> points, double[] first, double[] second) {
    Lesson with(List<int[]> more, double[] moreFirst, double[] moreSecond) {
      List<int[]> all = new ArrayList<>(points);
      all.addAll(more);
      return new Lesson(all, joined(first, moreFirst), joined(second, moreSecond));
    }

    private static double[] joined(double[] one, double[] other) {
      double[] both = Arrays.copyOf(one, one.length + other.length);
      System.arraycopy(other, 0, both, one.length, other.length);
      return both;
    }
  }

  @Override
  OptionalLong promising() {
    List<Known> known = measured();
    ParetoSplit split = new ParetoSplit(known.stream().map(Known::costs).toList(), tolerance);
    double[] worst = split.worst();
    double floor = floor(known, worst);
    Lesson lesson = lesson(known, split, worst, floor);
    if (lesson.points().size() >= MORE * fittedTo) {
      firstFit.fit(lesson.points(), lesson.first());
      secondFit.fit(lesson.points(), lesson.second());
      fittedTo = lesson.points().size();
    }
    GaussianProcess first = firstFit.process(lesson.points(), lesson.first());
    GaussianProcess second = secondFit.process(lesson.points(), lesson.second());
    List<double[]> costs = new ArrayList<>(known.stream().map(Known::costs).toList());
    List<int[]> waiting = waiting();
    if (!waiting.isEmpty()) {
      double[] expectedFirst = expected(first, waiting);
      double[] expectedSecond = expected(second, waiting);
      for (int i = 0; i < expectedFirst.length; i++) {
        costs.add(new double[] {expectedFirst[i], floor + StrictMath.exp(expectedSecond[i])});
      }
      lesson = lesson.with(waiting, expectedFirst, expectedSecond);
      first = firstFit.process(lesson.points(), lesson.first());
      second = secondFit.process(lesson.points(), lesson.second());
    }
    return best(new Gain(first, second, new ExpectedArea(costs, worst, floor)), known, split);
  }

  private double[] expected(GaussianProcess process, List<int[]> points) {
    return points.stream()
        .mapToDouble(ranks -> process.predict(space.axes(), ranks).mean())
        .toArray();
  }

  private static double floor(List<Known> known, double[] worst) {
    double[] second = known.stream().mapToDouble(k -> Math.min(k.costs()[1], worst[1])).toArray();
    Arrays.sort(second);
    double range = second[second.length / 2] - second[0];
    return second[0] - Math.max(FLOOR * range, 1e-3 * Math.max(Math.abs(second[0]), 1e-3));
  }

  /** The best points and the latest ones, if there are too many. */
  private Lesson lesson(List<Known> known, ParetoSplit split, double[] worst, double floor) {
    Set<Integer> chosen = new HashSet<>();
    if (known.size() > MOST_POINTS) {
      chosen.addAll(split.best(MOST_POINTS / 2));
      for (int i = known.size() - 1; chosen.size() < MOST_POINTS; i--) {
        chosen.add(i);
      }
    }
    List<int[]> points = new ArrayList<>();
    List<double[]> costs = new ArrayList<>();
    for (int i = 0; i < known.size(); i++) {
      if (chosen.isEmpty() || chosen.contains(i)) {
        points.add(known.get(i).ranks());
        costs.add(known.get(i).costs());
      }
    }
    double most = costs.stream().mapToDouble(c -> c[0]).max().orElseThrow();
    for (int[] ranks : failed().subList(0, Math.min(failed().size(), MOST_POINTS / 4))) {
      points.add(ranks);
      costs.add(new double[] {most, worst[1]});
    }
    // What is beyond the area is bad, however bad.
    double ceiling = 2 * (worst[1] - floor);
    return new Lesson(
        points,
        costs.stream().mapToDouble(c -> c[0]).toArray(),
        costs.stream().mapToDouble(c -> StrictMath.log(Math.min(c[1] - floor, ceiling))).toArray());
  }

  /** What is gained by a point. */
  private final class Gain {
    private final GaussianProcess first;
    private final GaussianProcess second;
    private final ExpectedArea area;

    Gain(GaussianProcess first, GaussianProcess second, ExpectedArea area) {
      this.first = first;
      this.second = second;
      this.area = area;
    }

    /** The logarithm of the expected area for each second. */
    double of(int[] ranks, long number) {
      Prediction one = first.predict(space.axes(), ranks);
      Prediction other = second.predict(space.axes(), ranks);
      return StrictMath.log(area.of(one, other)) - time(number);
    }
  }

  /** The best of some points, and of their neighbours as long as these are better. */
  private OptionalLong best(Gain gain, List<Known> known, ParetoSplit split) {
    List<Integer> front = split.best(Math.max(1, Math.min(known.size() - 1, DRAWN / 10)));
    Set<Long> looked = new HashSet<>();
    int[] best = new int[0];
    double highest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < 2 * DRAWN; i++) {
      int[] ranks =
          i % 2 == 0 || front.isEmpty()
              ? anywhere()
              : near(known.get(front.get(random.nextInt(front.size()))).ranks());
      long number = number(ranks);
      if (!isTried(number) && looked.add(number)) {
        double own = gain.of(ranks, number);
        if (own > highest) {
          highest = own;
          best = ranks;
        }
      }
    }
    return best.length == 0 ? OptionalLong.empty() : OptionalLong.of(climb(gain, best, highest));
  }

  private long climb(Gain gain, int[] from, double height) {
    int[] best = from;
    double highest = height;
    Set<Long> looked = new HashSet<>();
    boolean climbs = true;
    for (int step = 0; step < MOST_STEPS && climbs; step++) {
      climbs = false;
      int[] at = best;
      for (int axis = 0; axis < at.length; axis++) {
        int values = space.axes().get(axis).values().size();
        boolean numeric = space.axes().get(axis).isNumeric();
        for (int rank = numeric ? Math.max(at[axis] - 1, 0) : 0;
            rank < (numeric ? Math.min(at[axis] + 2, values) : values);
            rank++) {
          int[] next = at.clone();
          next[axis] = rank;
          long number = number(next);
          if (!isTried(number) && looked.add(number)) {
            double own = gain.of(next, number);
            if (own > highest) {
              highest = own;
              best = next;
              climbs = true;
            }
          }
        }
      }
    }
    return number(best);
  }

  private int[] anywhere() {
    return space.axes().stream().mapToInt(axis -> random.nextInt(axis.values().size())).toArray();
  }

  /** Another one or two values. */
  private int[] near(int[] ranks) {
    int[] near = ranks.clone();
    for (int change = 0; change < 1 + random.nextInt(2); change++) {
      int axis = random.nextInt(near.length);
      near[axis] = random.nextInt(space.axes().get(axis).values().size());
    }
    return near;
  }
}
