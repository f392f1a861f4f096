package dev.pare.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.TestSeed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ParetoSplitTest {
  private static double[] of(double... costs) {
    return costs;
  }

  @Test
  void wholeFrontsAreThoseOfTheNonDominatedSort() {
    SplittableRandom random = TestSeed.random();
    for (int run = 0; run < 50; run++) {
      List<double[]> costs = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        costs.add(of(random.nextInt(12), random.nextInt(12)));
      }
      int count = 0;
      List<Integer> best = new ArrayList<>();
      for (List<Integer> front : NonDominatedSorting.fronts(costs)) {
        count += front.size();
        best.addAll(front);

        assertThat(new ParetoSplit(costs).best(count)).hasSameElementsAs(best).hasSize(count);
      }
    }
  }

  @Test
  void ofTheLastFrontThoseThatDominateMostAreTaken() {
    // Areas end at (11, 11), 10 % beyond the greatest costs. Alone the points dominate 11, 36, 45
    // and
    // 11; beside the third one they add 6, 16 and 2.
    List<double[]> costs = List.of(of(0, 10), of(2, 7), of(6, 2), of(10, 0));

    assertThat(new ParetoSplit(costs).best(1)).containsExactly(2);
    assertThat(new ParetoSplit(costs).best(2)).containsExactly(2, 1);
    assertThat(new HashSet<>(new ParetoSplit(costs).best(4))).hasSize(4);
  }

  @Test
  void contributionsAreWhatIsMissingWithoutAPoint() {
    // Boxes between the neighbours, the last ones at (11, 11): 2 by 1, 4 by 3, 4 by 5 and 1 by 2.
    // Of these (10, 10) is in none.
    List<double[]> costs = List.of(of(0, 10), of(2, 7), of(6, 2), of(10, 0), of(10, 10));

    assertThat(new ParetoSplit(costs).contributions(List.of(0, 1, 2, 3, 4)))
        .containsExactly(of(2, 12, 20, 2, 0), within(1e-9));
  }
}
