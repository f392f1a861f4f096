package dev.pare.quantize;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Lloyd's k-means of vectors, started by k-means++ (Arthur and Vassilvitskii 2007). Vectors may be
 * cut short: what they lack counts neither for a distance nor for a mean.
 */
final class VectorKMeans {
  private static final int MOST_ROUNDS = 25;

  private final int dimension;
  private final float[] vectors;
  private final int[] lengths;
  private final int count;
  private float[] centroids;

  /**
   * @param vectors {@code dimension} numbers each
   * @param lengths how many numbers of each vector count, at least 1
   */
  VectorKMeans(int dimension, float[] vectors, int[] lengths) {
    this.dimension = dimension;
    this.vectors = vectors;
    this.lengths = lengths;
    this.count = lengths.length;
    this.centroids = new float[0];
  }

  /** At most k centroids, {@code dimension} numbers each, of which each is nearest to a vector. */
  float[] centroids(int k, SplittableRandom random) {
    if (count == 0) {
      return centroids;
    }
    spread(k, random);
    int[] assignment = new int[count];
    boolean moved = true;
    for (int round = 0; round < MOST_ROUNDS && moved; round++) {
      moved = round == 0;
      for (int i = 0; i < count; i++) {
        int nearest = nearest(i);
        moved |= nearest != assignment[i];
        assignment[i] = nearest;
      }
      centroids = means(assignment);
      compact(assignment);
    }
    return centroids;
  }

  /** Takes as centroids vectors that are likely far from each other. */
  private void spread(int k, SplittableRandom random) {
    float[] chosen = new float[k * dimension];
    double[] distances = new double[count];
    Arrays.fill(distances, Double.MAX_VALUE / count);
    int found = 0;
    int next = random.nextInt(count);
    while (next >= 0) {
      System.arraycopy(vectors, next * dimension, chosen, found * dimension, dimension);
      found++;
      double total = 0;
      for (int i = 0; i < count; i++) {
        distances[i] = Math.min(distances[i], distance(i, chosen, found - 1));
        total += distances[i];
      }
      next = found < k && total > 0 ? drawn(distances, random.nextDouble() * total) : -1;
    }
    centroids = Arrays.copyOf(chosen, found * dimension);
  }

  private static int drawn(double[] distances, double at) {
    double sum = 0;
    int last = -1;
    for (int i = 0; i < distances.length; i++) {
      if (distances[i] > 0) {
        last = i;
        sum += distances[i];
        if (sum > at) {
          return i;
        }
      }
    }
    return last;
  }

  private float[] means(int[] assignment) {
    double[] sums = new double[centroids.length];
    int[] members = new int[centroids.length];
    for (int i = 0; i < count; i++) {
      for (int d = 0; d < lengths[i]; d++) {
        sums[assignment[i] * dimension + d] += vectors[i * dimension + d];
        members[assignment[i] * dimension + d]++;
      }
    }
    float[] means = new float[centroids.length];
    for (int j = 0; j < means.length; j++) {
      means[j] = members[j] == 0 ? 0 : (float) (sums[j] / members[j]);
    }
    return means;
  }

  /** Leaves out centroids that nobody has. */
  private void compact(int[] assignment) {
    boolean[] used = new boolean[centroids.length / dimension];
    for (int word : assignment) {
      used[word] = true;
    }
    int[] renumbered = new int[used.length];
    int kept = 0;
    for (int word = 0; word < used.length; word++) {
      renumbered[word] = kept;
      if (used[word]) {
        System.arraycopy(centroids, word * dimension, centroids, kept++ * dimension, dimension);
      }
    }
    if (kept < used.length) {
      centroids = Arrays.copyOf(centroids, kept * dimension);
      for (int i = 0; i < count; i++) {
        assignment[i] = renumbered[assignment[i]];
      }
    }
  }

  /** The centroid nearest to a vector, the first of several. */
  int nearest(int vector) {
    int nearest = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int word = 0; word < centroids.length / dimension; word++) {
      double distance = distance(vector, centroids, word);
      if (distance < least) {
        least = distance;
        nearest = word;
      }
    }
    return nearest;
  }

  private double distance(int vector, float[] words, int word) {
    double sum = 0;
    int from = vector * dimension;
    int other = word * dimension;
    for (int d = 0; d < lengths[vector]; d++) {
      double away = vectors[from + d] - words[other + d];
      sum += away * away;
    }
    return sum;
  }
}
