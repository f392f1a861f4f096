package dev.pare.quantize;

import java.util.Arrays;

/**
 * Lloyd's k-means of numbers, started from evenly spaced centroids as Deep Compression found best
 * (Han, Mao and Dally 2016). Sorting first makes a round cost {@code k·log n}.
 */
final class KMeans {
  private static final int MOST_ROUNDS = 300;

  private KMeans() {}

  /**
   * At most {@code k} centroids, ascending and distinct.
   *
   * @param numbers at least one, all finite; left as they are
   */
  static float[] centroids(float[] numbers, int k) {
    float[] sorted = numbers.clone();
    Arrays.sort(sorted);
    double[] sums = new double[sorted.length + 1];
    for (int i = 0; i < sorted.length; i++) {
      sums[i + 1] = sums[i] + sorted[i];
    }
    double[] centroids = new double[k];
    double least = sorted[0];
    double span = sorted[sorted.length - 1] - least;
    for (int j = 0; j < k; j++) {
      centroids[j] = k == 1 ? least + span / 2 : least + span * j / (k - 1);
    }
    for (int round = 0; round < MOST_ROUNDS && improve(sorted, sums, centroids); round++) {}
    float[] distinct = new float[k];
    int count = 0;
    int from = 0;
    for (int j = 0; j < k; j++) {
      int to =
          j + 1 < k ? firstAtLeast(sorted, (centroids[j] + centroids[j + 1]) / 2) : sorted.length;
      float centroid = (float) centroids[j];
      if (to > from && (count == 0 || centroid > distinct[count - 1])) {
        distinct[count++] = centroid;
      }
      from = to;
    }
    return Arrays.copyOf(distinct, count);
  }

  /**
   * Moves every centroid to the mean of what is nearest to it; empty ones stay. Whether any moved.
   */
  private static boolean improve(float[] sorted, double[] sums, double[] centroids) {
    boolean moved = false;
    int from = 0;
    int k = centroids.length;
    double[] means = new double[k];
    for (int j = 0; j < k; j++) {
      int to =
          j + 1 < k ? firstAtLeast(sorted, (centroids[j] + centroids[j + 1]) / 2) : sorted.length;
      means[j] = to > from ? (sums[to] - sums[from]) / (to - from) : centroids[j];
      moved |= means[j] != centroids[j];
      from = Math.max(from, to);
    }
    System.arraycopy(means, 0, centroids, 0, k);
    return moved;
  }

  private static int firstAtLeast(float[] sorted, double bound) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < bound) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Index of the centroid nearest to a number, the lower one of two as near. */
  static int nearest(float[] centroids, float number) {
    int at = Arrays.binarySearch(centroids, number);
    if (at >= 0) {
      return at;
    }
    int above = -at - 1;
    if (above == 0) {
      return 0;
    }
    if (above == centroids.length) {
      return above - 1;
    }
    return number - centroids[above - 1] <= centroids[above] - number ? above - 1 : above;
  }
}
