package dev.pare.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.TestSeed;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HaltonSequenceTest {
  @Test
  void theFirstCoordinateIsVanDerCorputs() {
    HaltonSequence sequence = new HaltonSequence(1, 0, new SplittableRandom(1));

    for (double expected : new double[] {0.5, 0.25, 0.75, 0.125, 0.625, 0.375, 0.875, 0.0625}) {
      assertThat(sequence.next()).containsExactly(expected);
    }
  }

  @Test
  void asManyPointsAsThereAreBoxesFallIntoOneEach() {
    int[] bases = {2, 3, 5, 7, 11};
    HaltonSequence sequence = new HaltonSequence(bases.length, 0, TestSeed.random());
    for (int block = 0; block < 5; block++) {
      Set<Integer> boxes = new HashSet<>();
      for (int i = 0; i < 2 * 3 * 5 * 7 * 11; i++) {
        double[] point = sequence.next();
        int box = 0;
        for (int d = 0; d < bases.length; d++) {
          assertThat(point[d]).isGreaterThanOrEqualTo(0).isLessThan(1);
          box = box * bases[d] + (int) (point[d] * bases[d] + 1e-9);
        }
        boxes.add(box);
      }
      assertThat(boxes).hasSize(2 * 3 * 5 * 7 * 11);
    }
  }
}
