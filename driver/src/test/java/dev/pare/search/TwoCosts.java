package dev.pare.search;

import dev.pare.SampleCandidates;
import dev.pare.candidate.Correctness;
import dev.pare.candidate.Evaluation;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Searches for the least of two functions, as if they were bytes and errors. */
public final class TwoCosts {
  /** Of points that all take the same. */
  static final SearchCosts ALIKE = point -> 1;

  private static final int EXAMPLES = 100_000;

  /** Of errors, each so much of the second function. */
  private static final int ERRORS = 8_000;

  private TwoCosts() {}

  private record Named(String point) {}

  /**
   * The costs of all points that a search asks for, in its order; it is told them in that order.
   *
   * @param costs the second one from 0 to 12
   */
  static List<double[]> search(
      String strategy,
      SearchSpace space,
      int candidates,
      int population,
      long seed,
      Function<SearchPoint, double[]> costs) {
    SearchSettings settings =
        new SearchSettings(
            new SearchSettings.Strategy(strategy),
            candidates,
            Budgets.NONE,
            population,
            null,
            List.of(),
            1);
    Search search = SearchStrategies.of(settings.strategy()).start(space, settings, ALIKE, seed);
    List<SearchPoint> asked = new ArrayList<>();
    int told = 0;
    while (asked.size() < candidates) {
      List<SearchPoint> more = search.ask(candidates - asked.size());
      asked.addAll(more);
      if (more.isEmpty()) {
        search.tell(asked.get(told), outcome(asked.get(told), costs.apply(asked.get(told))));
        told++;
      }
    }
    return asked.stream().map(costs).toList();
  }

  /** Bytes are 2 to the power of the first cost, errors the second one. */
  static Outcome outcome(SearchPoint point, double... costs) {
    BitSet right = new BitSet();
    right.set(0, EXAMPLES - (int) Math.round(ERRORS * costs[1]));
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
            Evaluation.of(Correctness.of(right, EXAMPLES)));
    return new Outcome.Measured(
        StageKey.of(new Named(point.values().toString())),
        measurement,
        Map.of(),
        SampleCandidates.provenance("0@here"));
  }

  /** The area that points dominate, before some worst point. */
  public static double hypervolume(List<double[]> costs, double... worst) {
    List<double[]> sorted = new ArrayList<>(costs);
    sorted.sort(Comparator.comparingDouble(point -> point[0]));
    double area = 0;
    double best = worst[1];
    for (double[] point : sorted) {
      if (point[0] < worst[0] && point[1] < best) {
        area += (worst[0] - point[0]) * (best - point[1]);
        best = point[1];
      }
    }
    return area;
  }
}
