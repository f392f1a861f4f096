package dev.pare.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.TestSeed;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NonDominatedSortingTest {
  private static double[] of(double... costs) {
    return costs;
  }

  @Test
  void frontsArePeeledOffOneAfterTheOther() {
    // A staircase, a worse one behind it, one behind both, and one equal to the first.
    List<double[]> costs =
        List.of(of(1, 5), of(2, 3), of(4, 1), of(2, 6), of(3, 4), of(5, 5), of(1, 5));

    assertThat(NonDominatedSorting.fronts(costs))
        .containsExactly(List.of(0, 1, 2, 6), List.of(3, 4), List.of(5));
  }

  @Test
  void frontsAreThoseOfTheirDefinition() {
    SplittableRandom random = TestSeed.random();
    for (int run = 0; run < 50; run++) {
      List<double[]> costs = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        costs.add(of(random.nextInt(12), random.nextInt(12), random.nextInt(3)));
      }
      List<List<Integer>> fronts = new ArrayList<>();
      List<Integer> left = new ArrayList<>(IntStream.range(0, costs.size()).boxed().toList());
      while (!left.isEmpty()) {
        List<Integer> front =
            left.stream()
                .filter(i -> left.stream().noneMatch(j -> dominates(costs.get(j), costs.get(i))))
                .toList();
        fronts.add(front);
        left.removeAll(front);
      }

      assertThat(NonDominatedSorting.fronts(costs)).isEqualTo(fronts);
    }
  }

  private static boolean dominates(double[] one, double[] other) {
    return IntStream.range(0, one.length).allMatch(i -> one[i] <= other[i])
        && IntStream.range(0, one.length).anyMatch(i -> one[i] < other[i]);
  }

  @Test
  void crowdingIsTheSidesOfTheBoxBetweenTheNeighbours() {
    // Ranges are 10 and 8; the inner points lie in boxes of 4 by 5 and of 8 by 6.
    assertThat(NonDominatedSorting.crowding(List.of(of(0, 8), of(2, 5), of(4, 3), of(10, -0.0))))
        .containsExactly(
            Double.POSITIVE_INFINITY,
            4 / 10.0 + 5 / 8.0,
            8 / 10.0 + 5 / 8.0,
            Double.POSITIVE_INFINITY);
    assertThat(NonDominatedSorting.crowding(List.of())).isEmpty();
  }
}
