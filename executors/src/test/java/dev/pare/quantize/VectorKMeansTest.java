package dev.pare.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.data.TestSeed;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class VectorKMeansTest {
  @Test
  void centroidsAreTheMeansOfWhatIsNearest() {
    SplittableRandom random = TestSeed.random();
    for (int trial = 0; trial < 40; trial++) {
      int dimension = 1 + random.nextInt(5);
      int count = 1 + random.nextInt(60);
      float[] vectors = new float[count * dimension];
      int[] lengths = new int[count];
      for (int i = 0; i < count; i++) {
        lengths[i] = random.nextInt(4) == 0 ? 1 + random.nextInt(dimension) : dimension;
        for (int d = 0; d < lengths[i]; d++) {
          vectors[i * dimension + d] = (float) random.nextGaussian();
        }
      }
      int k = 1 + random.nextInt(8);
      float[] centroids =
          new VectorKMeans(dimension, vectors, lengths).centroids(k, new SplittableRandom(trial));
      assertThat(centroids.length / dimension).isBetween(1, k);
      double[] sums = new double[centroids.length];
      int[] members = new int[centroids.length];
      for (int i = 0; i < count; i++) {
        int nearest = nearest(vectors, lengths, dimension, i, centroids);
        for (int d = 0; d < lengths[i]; d++) {
          sums[nearest * dimension + d] += vectors[i * dimension + d];
          members[nearest * dimension + d]++;
        }
      }
      for (int j = 0; j < centroids.length; j++) {
        double mean = members[j] == 0 ? 0 : sums[j] / members[j];
        assertThat((double) centroids[j]).isCloseTo(mean, within(1e-5));
      }
    }
  }

  @Test
  void findsTheCentresOfClustersFarApart() {
    SplittableRandom random = TestSeed.random();
    float[] vectors = new float[90 * 3];
    int[] lengths = new int[90];
    Arrays.fill(lengths, 3);
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = 100 * (i / 3 % 3) * (i % 3 - 1) + (float) random.nextDouble();
    }
    VectorKMeans means = new VectorKMeans(3, vectors, lengths);
    assertThat(means.centroids(3, random)).hasSize(9);
    for (int i = 0; i < 90; i++) {
      assertThat(means.nearest(i)).isEqualTo(means.nearest(i % 3));
    }
  }

  @Test
  void fewDifferentVectorsAreTheirOwnCentroids() {
    float[] vectors = {1, 2, 3, 4, 1, 2, 3, 4};
    float[] centroids =
        new VectorKMeans(2, vectors, new int[] {2, 2, 2, 2})
            .centroids(200, new SplittableRandom(1));
    assertThat(centroids).hasSize(4).contains(1, 2, 3, 4);
    assertThat(new VectorKMeans(2, new float[0], new int[0]).centroids(4, new SplittableRandom(1)))
        .isEmpty();
  }

  private static int nearest(
      float[] vectors, int[] lengths, int dimension, int vector, float[] centroids) {
    int nearest = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int word = 0; word < centroids.length / dimension; word++) {
      double sum = 0;
      for (int d = 0; d < lengths[vector]; d++) {
        sum +=
            Math.pow((double) vectors[vector * dimension + d] - centroids[word * dimension + d], 2);
      }
      if (sum < least) {
        least = sum;
        nearest = word;
      }
    }
    return nearest;
  }
}
