package dev.pare.quantize;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The code words of a tensor's weights.
 *
 * @param centroids the words, ascending; each is somebody's
 * @param assignment which of them each weight has, row-major; {@value #ZERO} for zero
 */
record Codebook(float[] centroids, short[] assignment) {
  /** Stands for the word that is no centroid. */
  static final short ZERO = -1;

  /** The centroids of k-means, each weight that is not zero at the nearest; bits 1 to 8. */
  static Codebook nearest(float[] weights, int bits) {
    float[] nonzero = new float[weights.length];
    int count = 0;
    for (float w : weights) {
      if (w != 0) {
        nonzero[count++] = w;
      }
    }
    nonzero = Arrays.copyOf(nonzero, count);
    float[] centroids = count == 0 ? nonzero : KMeans.centroids(nonzero, 1 << bits);
    short[] assignment = new short[weights.length];
    for (int i = 0; i < weights.length; i++) {
      assignment[i] = weights[i] == 0 ? ZERO : (short) KMeans.nearest(centroids, weights[i]);
    }
    return new Codebook(centroids, assignment);
  }

  /** How many centroids are below zero. */
  int negatives() {
    int count = 0;
    while (count < centroids.length && centroids[count] < 0) {
      count++;
    }
    return count;
  }

  /**
   * The same assignment to the means of the weights, without words that nobody has.
   *
   * @param importance how much each weight counts in the mean, above 0; null if all count alike
   */
  Codebook centred(float[] weights, float @Nullable [] importance) {
    double[] sums = new double[centroids.length];
    double[] members = new double[centroids.length];
    for (int i = 0; i < weights.length; i++) {
      int word = assignment[i];
      if (word != ZERO) {
        double counts = importance == null ? 1 : importance[i];
        sums[word] += counts * weights[i];
        members[word] += counts;
      }
    }
    float[] means = new float[centroids.length];
    float[] present = new float[centroids.length];
    int count = 0;
    for (int word = 0; word < means.length; word++) {
      if (members[word] > 0) {
        means[word] = (float) (sums[word] / members[word]);
        present[count++] = means[word];
      }
    }
    // Means are in the order of their words but where the choice went by cost.
    float[] sorted = Arrays.copyOf(present, count);
    Arrays.sort(sorted);
    int distinct = 0;
    for (float mean : sorted) {
      if (distinct == 0 || mean > sorted[distinct - 1]) {
        sorted[distinct++] = mean;
      }
    }
    sorted = Arrays.copyOf(sorted, distinct);
    short[] moved = assignment.clone();
    for (int i = 0; i < moved.length; i++) {
      if (moved[i] != ZERO) {
        moved[i] = (short) KMeans.nearest(sorted, means[moved[i]]);
      }
    }
    return new Codebook(sorted, moved);
  }
}
