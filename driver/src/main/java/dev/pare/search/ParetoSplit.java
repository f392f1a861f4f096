package dev.pare.search;

import dev.pare.candidate.Estimate;
import dev.pare.candidate.Measurement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The best of some points by two costs, both to be small: front by front of the non-dominated sort,
 * and of the last front that has a part in it those that dominate the largest area, chosen one
 * after the other (Guerreiro, Fonseca and Paquete 2016).
 */
final class ParetoSplit {
  /** How far beyond the greatest costs the area ends, as a share of their range. */
  private static final double MARGIN = 0.1;

  private final List<double[]> costs;
  private final double most;
  private final double[] worst;

  ParetoSplit(List<double[]> costs) {
    this(costs, Double.POSITIVE_INFINITY);
  }

  /**
   * @param tolerance how much more than the least one the second cost of the best points may be
   */
  ParetoSplit(List<double[]> costs, double tolerance) {
    this.costs = List.copyOf(costs);
    this.most = costs.stream().mapToDouble(own -> own[1]).min().orElse(0) + tolerance;
    this.worst = new double[] {end(0), end(1)};
  }

  /**
   * What a measurement costs: log2 of the file's bytes, so that files of half the size are as far
   * apart everywhere, and what quality lacks: in percentage points of a share, else in the metric's
   * own unit.
   */
  static double[] costs(Measurement measurement) {
    Estimate score = measurement.score();
    return new double[] {measurement.log2Bytes(), -score.metric().written(score.quality())};
  }

  /** Where the area ends that points dominate. */
  double[] worst() {
    return worst.clone();
  }

  private double end(int cost) {
    double[] own =
        costs.stream().filter(this::isTolerable).mapToDouble(both -> both[cost]).sorted().toArray();
    return own.length == 0 ? 0 : own[own.length - 1] + MARGIN * (own[own.length - 1] - own[0]);
  }

  private boolean isTolerable(double[] own) {
    return own[1] <= most;
  }

  /** The numbers of the best points; fewer where no more are tolerable. */
  List<Integer> best(int count) {
    List<Integer> left =
        IntStream.range(0, costs.size())
            .filter(i -> isTolerable(costs.get(i)))
            .boxed()
            .sorted(
                Comparator.<Integer>comparingDouble(i -> costs.get(i)[0])
                    .thenComparingDouble(i -> costs.get(i)[1]))
            .toList();
    List<Integer> best = new ArrayList<>();
    while (best.size() < count && !left.isEmpty()) {
      List<Integer> front = new ArrayList<>();
      List<Integer> behind = new ArrayList<>();
      for (int i : left) {
        boolean first = front.isEmpty();
        double[] last = first ? worst : costs.get(front.get(front.size() - 1));
        boolean in = first || costs.get(i)[1] < last[1] || Arrays.equals(costs.get(i), last);
        (in ? front : behind).add(i);
      }
      best.addAll(best.size() + front.size() <= count ? front : widest(front, count - best.size()));
      left = behind;
    }
    return best;
  }

  /**
   * @param front by rising first and falling second cost
   */
  private List<Integer> widest(List<Integer> front, int count) {
    boolean[] chosen = new boolean[front.size()];
    List<Integer> widest = new ArrayList<>();
    while (widest.size() < count) {
      double[] gains = gains(front, chosen);
      int next = -1;
      for (int i = 0; i < gains.length; i++) {
        if (!chosen[i] && (next < 0 || gains[i] > gains[next])) {
          next = i;
        }
      }
      chosen[next] = true;
      widest.add(front.get(next));
    }
    return widest;
  }

  /** The area that each point of a front adds to those that are chosen. */
  private double[] gains(List<Integer> front, boolean[] chosen) {
    double[] gains = new double[chosen.length];
    double below = worst[1];
    for (int i = 0; i < gains.length; i++) {
      gains[i] = below - costs.get(front.get(i))[1];
      below = chosen[i] ? costs.get(front.get(i))[1] : below;
    }
    double before = worst[0];
    for (int i = gains.length - 1; i >= 0; i--) {
      gains[i] *= before - costs.get(front.get(i))[0];
      before = chosen[i] ? costs.get(front.get(i))[0] : before;
    }
    return gains;
  }

  /** For each of some points the area that it alone of them dominates. */
  double[] contributions(List<Integer> points) {
    double all = area(points, -1);
    return points.stream().mapToDouble(point -> all - area(points, point)).toArray();
  }

  private double area(List<Integer> points, int without) {
    double area = 0;
    double below = worst[1];
    for (int i :
        points.stream()
            .filter(i -> i != without)
            .sorted(Comparator.comparingDouble(i -> costs.get(i)[0]))
            .toList()) {
      double[] own = costs.get(i);
      if (own[1] < below) {
        area += (worst[0] - own[0]) * (below - own[1]);
        below = own[1];
      }
    }
    return area;
  }
}
