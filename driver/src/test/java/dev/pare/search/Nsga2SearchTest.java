package dev.pare.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.SampleCandidates;
import dev.pare.candidate.Correctness;
import dev.pare.candidate.Evaluation;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
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

  private record Named(String point) {}

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

  /** Bytes are 2 to the power of the first function, errors the second one. */
  private static Outcome outcome(SearchPoint point) {
    double[] costs = zdt1(point);
    BitSet right = new BitSet();
    right.set(0, 100_000 - (int) Math.round(8_000 * costs[1]));
    Measurement sample =
        SampleCandidates.measurement(Math.round(1e6 * StrictMath.pow(2, costs[0])));
    Measurement measurement =
        new Measurement(
            sample.size(),
            sample.byOrigin(),
            sample.sha256(),
            sample.parameters(),
            sample.nonzeroWeights(),
            sample.operations(),
            sample.layers(),
            Evaluation.of(Correctness.of(right, 100_000)));
    return new Outcome.Measured(
        StageKey.of(new Named(point.values().toString())),
        measurement,
        Map.of(),
        SampleCandidates.provenance("0@here"));
  }

  /** The area below (1.1, 10) that the points of a search dominate. */
  private static double hypervolume(String strategy, long seed) {
    SearchSettings settings =
        new SearchSettings(new SearchSettings.Strategy(strategy), BUDGET, null, 20);
    Search search = SearchStrategies.of(settings.strategy()).start(SPACE, settings, seed);
    List<SearchPoint> asked = new ArrayList<>();
    int told = 0;
    while (asked.size() < BUDGET) {
      List<SearchPoint> more = search.ask(BUDGET - asked.size());
      asked.addAll(more);
      if (more.isEmpty()) {
        search.tell(asked.get(told), outcome(asked.get(told)));
        told++;
      }
    }
    List<double[]> costs = new ArrayList<>(asked.stream().map(Nsga2SearchTest::zdt1).toList());
    costs.sort((a, b) -> Double.compare(a[0], b[0]));
    double area = 0;
    double best = 10;
    for (double[] point : costs) {
      if (point[1] < best) {
        area += (1.1 - point[0]) * (best - point[1]);
        best = point[1];
      }
    }
    return area;
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
