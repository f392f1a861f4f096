package dev.pare.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class Nsga2SearchTest {
  private static final int BUDGET = 400;
  private static final SearchSpace SPACE =
      new SearchSpace(
          IntStream.range(0, 8)
              .mapToObj(
                  i ->
                      new SearchAxis(
                          "x" + i, IntStream.range(0, 21).mapToObj(String::valueOf).toList()))
              .toList());

  /** ZDT1 (Zitzler, Deb and Thiele 2000), both functions to be small. */
  private static double[] zdt1(SearchPoint point) {
    double first = Double.parseDouble(point.values().get("x0")) / 20;
    double sum = 0;
    for (int i = 1; i < 8; i++) {
      sum += Double.parseDouble(point.values().get("x" + i)) / 20;
    }
    double g = 1 + 9 * sum / 7;
    return new double[] {first, g * (1 - Math.sqrt(first / g))};
  }

  /** The area below (1.1, 10) that the points of a search dominate. */
  private static double hypervolume(String strategy, long seed) {
    return TwoCosts.hypervolume(
        TwoCosts.search(strategy, SPACE, BUDGET, 20, seed, Nsga2SearchTest::zdt1), 1.1, 10);
  }

  @Test
  void findsMoreThanChanceDoesWithAsManyPoints() {
    double[] random =
        IntStream.range(0, 5).mapToDouble(i -> hypervolume("random", i)).sorted().toArray();
    double[] nsga2 =
        IntStream.range(0, 5).mapToDouble(i -> hypervolume("nsga-ii", i)).sorted().toArray();

    // The whole grid has 10.66: 1.1 · 10 less the area under 1 − √x, and that beyond it.
    assertThat(nsga2[0]).isGreaterThan(random[4]);
    assertThat(nsga2[2]).isGreaterThan(10.2);
  }
}
