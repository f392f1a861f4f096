package dev.pare.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The multi-objective tree-structured Parzen estimator (Ozaki, Tanigaki, Watanabe and Onishi 2020):
 * points that are likely among the good ones and unlikely among the others, by a density of each.
 *
 * <p>Good are the points of the first fronts, each with the weight of the area that it alone
 * dominates. The others are all else, points that failed and points under way included, so that
 * what comes next is not what is tried already. Unlike the paper's, densities are of whole points,
 * not of each axis by itself: which settings go together is what there is to learn. And what is
 * chosen has the highest expected improvement for each second that it takes (Snoek, Larochelle and
 * Adams 2012): points whose training others have done cost little.
 */
final class MotpeSearch extends LearningSearch {
  /**
   * Share of the points that are good. Twice the paper's: a tenth of 20 points would be two, which
   * say little of a front.
   */
  private static final double GOOD = 0.2;

  /** Most points that are good. */
  private static final int MOST_GOOD = 25;

  /**
   * How many points are drawn for each axis, to take the best of: the paper's for each by itself.
   */
  private static final int DRAWN = 24;

  /** Of a point that others dominate, or that has an equal. */
  private static final double LEAST_WEIGHT = 1e-12;

  MotpeSearch(
      SearchSpace space, SearchSettings settings, SearchCosts costs, SplittableRandom random) {
    super(space, settings, costs, random);
  }

  /** The best of some points that are drawn from among the good ones; none if all were tried. */
  @Override
  OptionalLong promising() {
    List<Known> known = measured();
    ParetoSplit split = new ParetoSplit(known.stream().map(Known::costs).toList(), tolerance);
    int wanted = (int) Math.ceil(GOOD * (known.size() + failed().size()));
    List<Integer> best = split.best(Math.min(Math.min(wanted, MOST_GOOD), known.size() - 1));
    Set<Long> drawn = new HashSet<>();
    ParzenEstimator good =
        new ParzenEstimator(
            space.axes(),
            best.stream().map(i -> known.get(i).ranks()).toList(),
            weights(split.contributions(best)));
    List<int[]> others = others(known, new HashSet<>(best));
    double[] ones = new double[others.size()];
    Arrays.fill(ones, 1);
    ParzenEstimator other = new ParzenEstimator(space.axes(), others, ones);

    double share = (double) best.size() / (best.size() + others.size());
    OptionalLong chosen = OptionalLong.empty();
    double highest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < DRAWN * space.axes().size(); i++) {
      int[] ranks = good.draw(random);
      long number = number(ranks);
      if (!isTried(number) && drawn.add(number)) {
        double gain = improvement(share, good.log(ranks) - other.log(ranks)) - time(number);
        if (gain > highest) {
          highest = gain;
          chosen = OptionalLong.of(number);
        }
      }
    }
    return chosen;
  }

  /**
   * The logarithm of the expected improvement at a point, but for a constant (Bergstra, Bardenet,
   * Bengio and Kégl 2011, section 4.1).
   *
   * @param share of the points that are good
   * @param ratio logarithm of the density of the good ones over that of the others
   */
  private static double improvement(double share, double ratio) {
    return -StrictMath.log(share + (1 - share) * StrictMath.exp(-ratio));
  }

  /** The largest one is 1, as that of the component in which all points are alike. */
  private static double[] weights(double[] contributions) {
    double most = Arrays.stream(contributions).max().orElse(0);
    return Arrays.stream(contributions)
        .map(own -> most > 0 ? Math.max(own / most, LEAST_WEIGHT) : 1)
        .toArray();
  }

  private List<int[]> others(List<Known> known, Set<Integer> best) {
    List<int[]> others = new ArrayList<>(failed());
    others.addAll(waiting());
    for (int i = 0; i < known.size(); i++) {
      if (!best.contains(i)) {
        others.add(known.get(i).ranks());
      }
    }
    return others;
  }
}
