package dev.pare.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.data.TestSeed;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class KMeansTest {
  @Test
  void centroidsAreDistinctAscendingAndTheMeansOfWhatIsNearest() {
    SplittableRandom random = TestSeed.random();
    for (int round = 0; round < 60; round++) {
      float[] numbers = numbers(random, 1 + random.nextInt(400), round % 3);
      float[] before = numbers.clone();
      float[] centroids = KMeans.centroids(numbers, 1 << (1 + random.nextInt(5)));
      assertThat(numbers).containsExactly(before);
      double[] sums = new double[centroids.length];
      int[] counts = new int[centroids.length];
      for (float number : numbers) {
        int nearest = plainNearest(centroids, number);
        sums[nearest] += number;
        counts[nearest]++;
      }
      for (int c = 0; c < centroids.length; c++) {
        assertThat(c == 0 || centroids[c] > centroids[c - 1]).isTrue();
        assertThat(counts[c]).isPositive();
        assertThat((double) centroids[c]).isCloseTo(sums[c] / counts[c], within(1e-5));
      }
    }
  }

  @Test
  void isNeverWorseThanItsEvenlySpacedStart() {
    SplittableRandom random = TestSeed.random();
    for (int round = 0; round < 60; round++) {
      float[] numbers = numbers(random, 2 + random.nextInt(300), round % 3);
      int k = 2 + random.nextInt(30);
      float[] sorted = numbers.clone();
      Arrays.sort(sorted);
      float[] start = new float[k];
      for (int j = 0; j < k; j++) {
        start[j] = sorted[0] + (sorted[sorted.length - 1] - sorted[0]) * j / (k - 1);
      }
      double allowed = error(numbers, start) * (1 + 1e-6) + 1e-9;
      assertThat(error(numbers, KMeans.centroids(numbers, k))).isLessThanOrEqualTo(allowed);
    }
  }

  @Test
  void findsTheBestCentroidsOfWellSeparatedNumbers() {
    SplittableRandom random = TestSeed.random();
    for (int round = 0; round < 50; round++) {
      float[] numbers = new float[9];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = 10 * (i % 3) + (float) random.nextDouble();
      }
      double found = error(numbers, KMeans.centroids(numbers, 3));
      assertThat(found).isCloseTo(leastError(numbers, 3), within(1e-4));
    }
  }

  @Test
  void isALocalOptimumNoBetterThanTheBruteForceOne() {
    SplittableRandom random = TestSeed.random();
    for (int round = 0; round < 100; round++) {
      float[] numbers = numbers(random, 3 + random.nextInt(7), 0);
      for (int k = 1; k <= 3; k++) {
        double found = error(numbers, KMeans.centroids(numbers, k));
        double least = leastError(numbers, k);
        assertThat(found).isGreaterThanOrEqualTo(least - 1e-6);
        if (k == 1) {
          assertThat(found).isCloseTo(least, within(1e-6));
        }
      }
    }
  }

  @Test
  void fewDifferentNumbersAreTheirOwnCentroids() {
    assertThat(KMeans.centroids(new float[] {3, -1, 3, 2, -1}, 256)).containsExactly(-1, 2, 3);
    assertThat(KMeans.centroids(new float[] {0.1f, 0.1f, 0.1f}, 4)).containsExactly(0.1f);
    assertThat(KMeans.centroids(new float[] {7}, 1)).containsExactly(7);
    assertThat(KMeans.centroids(new float[] {Float.MAX_VALUE, -Float.MAX_VALUE}, 2))
        .containsExactly(-Float.MAX_VALUE, Float.MAX_VALUE);
  }

  @Test
  void nearestIsThatOfAPlainSearch() {
    float[] centroids = {-2, -0.5f, 0.25f, 3};
    for (float number = -4; number < 5; number += 0.0625f) {
      assertThat(KMeans.nearest(centroids, number)).isEqualTo(plainNearest(centroids, number));
    }
  }

  private static float[] numbers(SplittableRandom random, int count, int kind) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      double u = 2 * random.nextDouble() - 1;
      numbers[i] =
          switch (kind) {
            case 0 -> (float) u;
            // Heavy tails.
            case 1 -> (float) (u * u * u);
            // Many equal ones.
            default -> Math.round(5 * u) / 4f;
          };
    }
    return numbers;
  }

  private static int plainNearest(float[] centroids, float number) {
    int nearest = 0;
    for (int c = 1; c < centroids.length; c++) {
      if (Math.abs(number - centroids[c]) < Math.abs(number - centroids[nearest])) {
        nearest = c;
      }
    }
    return nearest;
  }

  private static double error(float[] numbers, float[] centroids) {
    double error = 0;
    for (float number : numbers) {
      double difference = (double) number - centroids[plainNearest(centroids, number)];
      error += difference * difference;
    }
    return error;
  }

  /** Over all ways to cut the sorted numbers into at most k runs. */
  private static double leastError(float[] numbers, int k) {
    float[] sorted = numbers.clone();
    Arrays.sort(sorted);
    return leastError(sorted, 0, k);
  }

  private static double leastError(float[] sorted, int from, int k) {
    if (from == sorted.length) {
      return 0;
    }
    if (k == 0) {
      return Double.POSITIVE_INFINITY;
    }
    double least = Double.POSITIVE_INFINITY;
    for (int to = from + 1; to <= sorted.length; to++) {
      double mean = 0;
      for (int i = from; i < to; i++) {
        mean += (double) sorted[i] / (to - from);
      }
      double error = 0;
      for (int i = from; i < to; i++) {
        error += (sorted[i] - mean) * (sorted[i] - mean);
      }
      least = Math.min(least, error + leastError(sorted, to, k - 1));
    }
    return least;
  }
}
