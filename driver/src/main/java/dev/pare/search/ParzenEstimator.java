package dev.pare.search;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A density of the points of a space (Parzen 1962): a mixture of products of {@linkplain Kernel
 * kernels} around some points, and of one component of weight 1 in which all points are alike.
 */
final class ParzenEstimator {
  /** The most that a deviation of points counts, as a share of an axis' values. */
  private static final double WIDTH = 0.2;

  /** In ranks: what is narrower tells a value from its neighbours and nothing else. */
  private static final double LEAST_DEVIATION = 0.5;

  private final int[] sizes;
  private final List<int[]> centres;
  private final double[] weights;
  private final List<Kernel> kernels = new ArrayList<>();
  private final double total;

  /**
   * @param centres of each component the ranks of the values of each axis
   * @param weights of the components, above 0
   */
  ParzenEstimator(List<SearchAxis> axes, List<int[]> centres, double[] weights) {
    this.centres = List.copyOf(centres);
    this.weights = requireNonNull(weights, "weights is null").clone();
    sizes = axes.stream().mapToInt(axis -> axis.values().size()).toArray();
    double components = centres.size() + 1.0;
    // Scott's rule (1992): deviations of the points, narrowed by how many of how many dimensions.
    double narrowing = StrictMath.pow(components, -1 / (axes.size() + 4.0));
    for (int i = 0; i < sizes.length; i++) {
      SearchAxis axis = axes.get(i);
      int values = sizes[i];
      kernels.add(
          axis.isNumeric()
              ? Kernel.gaussian(values, Math.max(spread(i) * narrowing, LEAST_DEVIATION))
              : Kernel.words(values, (values - 1) / (components + values)));
    }
    double sum = 1;
    for (double weight : weights) {
      sum += weight;
    }
    total = sum;
  }

  /** The deviation of the ranks of an axis, of one point in which all are alike, too. */
  private double spread(int axis) {
    double values = sizes[axis];
    double mean = centres.stream().mapToInt(centre -> centre[axis]).average().orElse(0);
    double squares = values * values / 12;
    for (int[] centre : centres) {
      squares += (centre[axis] - mean) * (centre[axis] - mean);
    }
    return Math.min(Math.sqrt(squares / (centres.size() + 1)), WIDTH * values);
  }

  /** The ranks of a point that is drawn by the density. */
  int[] draw(SplittableRandom random) {
    double left = random.nextDouble() * total;
    int component = 0;
    while (component < weights.length && left >= weights[component]) {
      left -= weights[component];
      component++;
    }
    int[] ranks = new int[sizes.length];
    for (int axis = 0; axis < ranks.length; axis++) {
      ranks[axis] =
          component == weights.length
              ? random.nextInt(sizes[axis])
              : kernels.get(axis).draw(centres.get(component)[axis], random);
    }
    return ranks;
  }

  /** The logarithm of the probability of a point. */
  double log(int[] ranks) {
    double[] logs = new double[weights.length + 1];
    for (int size : sizes) {
      logs[weights.length] -= StrictMath.log(size);
    }
    double most = logs[weights.length];
    for (int i = 0; i < weights.length; i++) {
      logs[i] = StrictMath.log(weights[i]);
      for (int axis = 0; axis < ranks.length; axis++) {
        logs[i] += kernels.get(axis).log(ranks[axis], centres.get(i)[axis]);
      }
      most = Math.max(most, logs[i]);
    }
    double sum = 0;
    for (double log : logs) {
      sum += StrictMath.exp(log - most);
    }
    return most + StrictMath.log(sum / total);
  }
}
