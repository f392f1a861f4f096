package dev.pare.regrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.data.TestSeed;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ProportionalAllocationTest {
  @Test
  void partsAddUpAndStayWithinTheirRoom() {
    SplittableRandom random = TestSeed.random();
    for (int trial = 0; trial < 2000; trial++) {
      int count = 1 + random.nextInt(6);
      double[] claims = new double[count];
      int[] room = new int[count];
      for (int l = 0; l < count; l++) {
        claims[l] = random.nextInt(4) == 0 ? 0 : random.nextDouble() * Math.pow(10, l);
        room[l] = random.nextInt(50);
      }
      int sum = random.nextInt(Arrays.stream(room).sum() + 1);
      int[] parts = ProportionalAllocation.of(sum, claims, room);
      assertThat(Arrays.stream(parts).sum()).isEqualTo(sum);
      for (int l = 0; l < count; l++) {
        assertThat(parts[l]).isBetween(0, room[l]);
      }
    }
  }

  @Test
  void whereThereIsRoomPartsAreInProportionUpToTheirRounding() {
    int[] parts =
        ProportionalAllocation.of(
            1000, new double[] {1, 2.5, 0, 6.5}, new int[] {999, 999, 9, 999});
    double[] exact = {100, 250, 0, 650};
    for (int l = 0; l < exact.length; l++) {
      assertThat((double) parts[l]).isCloseTo(exact[l], within(1.0));
    }
  }

  @Test
  void whatHasNoRoomGoesToTheOthersAsTheyClaim() {
    assertThat(ProportionalAllocation.of(60, new double[] {100, 1, 2}, new int[] {30, 99, 99}))
        .containsExactly(30, 10, 20);
  }
}
