package dev.pare.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The fast non-dominated sort and the crowding distance of NSGA-II (Deb, Pratap, Agarwal and
 * Meyarivan 2002). All costs are to be small.
 */
final class NonDominatedSorting {
  private NonDominatedSorting() {}

  /**
   * The points that nothing dominates, those that only these dominate, and so on, each front in the
   * order of the points.
   *
   * @param costs of each point
   * @return numbers of points
   */
  static List<List<Integer>> fronts(List<double[]> costs) {
    int count = costs.size();
    List<List<Integer>> dominated = new ArrayList<>();
    int[] dominators = new int[count];
    List<Integer> front = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<Integer> own = new ArrayList<>();
      for (int j = 0; j < count; j++) {
        if (dominates(costs.get(i), costs.get(j))) {
          own.add(j);
        } else if (dominates(costs.get(j), costs.get(i))) {
          dominators[i]++;
        }
      }
      dominated.add(own);
      if (dominators[i] == 0) {
        front.add(i);
      }
    }
    List<List<Integer>> fronts = new ArrayList<>();
    while (!front.isEmpty()) {
      fronts.add(front.stream().sorted().toList());
      List<Integer> following = new ArrayList<>();
      for (int i : front) {
        for (int j : dominated.get(i)) {
          if (--dominators[j] == 0) {
            following.add(j);
          }
        }
      }
      front = following;
    }
    return fronts;
  }

  private static boolean dominates(double[] one, double[] other) {
    boolean better = false;
    for (int i = 0; i < one.length; i++) {
      if (one[i] > other[i]) {
        return false;
      }
      better |= one[i] < other[i];
    }
    return better;
  }

  /**
   * For each point of a front how far its neighbours are apart: the sum over costs of the distance
   * between the next smaller and the next larger one, in units of the front's range; infinite for
   * the smallest and the largest.
   */
  static double[] crowding(List<double[]> costs) {
    double[] crowding = new double[costs.size()];
    if (crowding.length == 0) {
      return crowding;
    }
    Integer[] order = new Integer[crowding.length];
    Arrays.setAll(order, i -> i);
    for (int c = 0; c < costs.get(0).length; c++) {
      int cost = c;
      Arrays.sort(order, Comparator.comparingDouble(i -> costs.get(i)[cost]));
      int first = order[0];
      int last = order[order.length - 1];
      double range = costs.get(last)[cost] - costs.get(first)[cost];
      crowding[first] = Double.POSITIVE_INFINITY;
      crowding[last] = Double.POSITIVE_INFINITY;
      for (int i = 1; i < order.length - 1 && range > 0; i++) {
        crowding[order[i]] +=
            (costs.get(order[i + 1])[cost] - costs.get(order[i - 1])[cost]) / range;
      }
    }
    return crowding;
  }
}
