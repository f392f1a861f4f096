package dev.pare.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.TestSeed;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class KernelTest {
  private static final int DRAWN = 100_000;

  private static void drawsWhatItSays(Kernel kernel, int values, int centre) {
    SplittableRandom random = TestSeed.random();
    int[] counts = new int[values];
    for (int i = 0; i < DRAWN; i++) {
      counts[kernel.draw(centre, random)]++;
    }
    double sum = 0;
    for (int rank = 0; rank < values; rank++) {
      double probability = Math.exp(kernel.log(rank, centre));
      sum += probability;
      // Five standard deviations of a share of so many draws are at most 0.008.
      assertThat((double) counts[rank] / DRAWN).isCloseTo(probability, within(0.008));
    }
    assertThat(sum).isCloseTo(1, within(1e-12));
  }

  @Test
  void numbersAreDrawnAsAGaussianAtWholeNumbersIs() {
    Kernel kernel = Kernel.gaussian(4, 1);
    // e^0, e^-1/2, e^-2 around the second of four ranks.
    double sum = Math.exp(-0.5) + 1 + Math.exp(-0.5) + Math.exp(-2);

    assertThat(Math.exp(kernel.log(1, 1))).isCloseTo(1 / sum, within(1e-12));
    assertThat(Math.exp(kernel.log(3, 1))).isCloseTo(Math.exp(-2) / sum, within(1e-12));
    for (int centre = 0; centre < 4; centre++) {
      drawsWhatItSays(kernel, 4, centre);
    }
    drawsWhatItSays(Kernel.gaussian(1, 0.5), 1, 0);
    drawsWhatItSays(Kernel.gaussian(50, 0.5), 50, 49);
  }

  @Test
  void allOtherWordsAreAsLikelyAsEachOther() {
    Kernel kernel = Kernel.words(4, 0.3);

    assertThat(Math.exp(kernel.log(2, 2))).isCloseTo(0.7, within(1e-12));
    assertThat(Math.exp(kernel.log(0, 2))).isCloseTo(0.1, within(1e-12));
    for (int centre = 0; centre < 4; centre++) {
      drawsWhatItSays(kernel, 4, centre);
    }
    drawsWhatItSays(Kernel.words(1, 0), 1, 0);
  }

  @Test
  void aDensityIsThatOfItsComponents() {
    List<SearchAxis> axes =
        List.of(
            new SearchAxis("number", List.of("1", "2", "3")),
            new SearchAxis("word", List.of("a", "b")));
    ParzenEstimator alone = new ParzenEstimator(axes, List.of(), new double[0]);
    ParzenEstimator two =
        new ParzenEstimator(axes, List.of(new int[] {0, 0}, new int[] {2, 1}), new double[] {3, 1});

    double sum = 0;
    double corners = 0;
    for (int number = 0; number < 3; number++) {
      for (int word = 0; word < 2; word++) {
        int[] point = {number, word};
        assertThat(Math.exp(alone.log(point))).isCloseTo(1 / 6.0, within(1e-12));
        sum += Math.exp(two.log(point));
      }
    }
    assertThat(sum).isCloseTo(1, within(1e-12));
    // Mirrored points, of which one has three times the other's weight.
    assertThat(two.log(new int[] {0, 0})).isGreaterThan(two.log(new int[] {2, 1}));
    SplittableRandom random = TestSeed.random();
    for (int i = 0; i < DRAWN; i++) {
      int[] drawn = two.draw(random);
      corners += drawn[0] == 0 && drawn[1] == 0 ? 1.0 / DRAWN : 0;
    }
    assertThat(corners).isCloseTo(Math.exp(two.log(new int[] {0, 0})), within(0.008));
  }
}
