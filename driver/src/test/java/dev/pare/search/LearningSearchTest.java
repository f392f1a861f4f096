package dev.pare.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.SampleCandidates;
import dev.pare.candidate.Failure;
import dev.pare.candidate.FailureCode;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What searches that learn have in common. */
class LearningSearchTest {
  private static final int SEEDS = 5;

  private record Named(String point) {}

  @ParameterizedTest
  @EnumSource
  void findsMoreThanChanceDoesWithTwiceAsManyPoints(TestFunctions function) {
    double[] random = new double[SEEDS];
    double[] motpe = new double[SEEDS];
    double[] process = new double[SEEDS];
    for (int seed = 0; seed < SEEDS; seed++) {
      random[seed] = function.hypervolumes("random", 4, seed, 200)[0];
      motpe[seed] = function.hypervolumes("motpe", 4, seed, 100)[0];
      process[seed] = function.hypervolumes("gaussian-process", 4, seed, 100)[0];
    }

    assertThat(median(motpe)).isGreaterThan(median(random));
    assertThat(median(process)).isGreaterThan(median(random));
  }

  private static double median(double... values) {
    return Arrays.stream(values).sorted().skip(values.length / 2).findFirst().orElseThrow();
  }

  private static SearchSettings settings(String strategy, int underWay) {
    return new SearchSettings(
        new SearchSettings.Strategy(strategy), 10_000, Budgets.NONE, underWay, null, List.of(), 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"motpe", "gaussian-process"})
  void asManyPointsAreUnderWayAsThePopulationHas(String strategy) {
    Search search =
        SearchStrategies.start(TestFunctions.SPACE, settings(strategy, 6), TwoCosts.ALIKE, 1);
    List<SearchPoint> underWay = new ArrayList<>(search.ask(1000));

    assertThat(underWay).hasSize(6);
    assertThat(search.ask(1000)).isEmpty();
    for (int i = 0; i < 40; i++) {
      search.tell(underWay.get(0), TwoCosts.outcome(underWay.remove(0), i, 1 + i % 7));
      List<SearchPoint> more = search.ask(1000);
      assertThat(more).hasSize(1);
      underWay.addAll(more);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"motpe", "gaussian-process"})
  void ofWhatPromisesAsMuchItTriesWhatTakesLess(String strategy) {
    SearchSpace space =
        new SearchSpace(
            List.of(
                new SearchAxis("time", List.of("short", "long")),
                new SearchAxis("x", IntStream.range(0, 900).mapToObj(String::valueOf).toList())));
    SearchCosts costs = point -> point.values().get("time").equals("short") ? 1 : 100;

    long most = ofShortTime(strategy, space, costs);

    assertThat(most).isGreaterThan(85);
    assertThat(ofShortTime(strategy, space, TwoCosts.ALIKE)).isBetween(25L, 75L);
  }

  /** How many of 100 points after the first ten take a short time. */
  private static long ofShortTime(String strategy, SearchSpace space, SearchCosts costs) {
    Search search = SearchStrategies.start(space, settings(strategy, 4), costs, 1);
    List<SearchPoint> asked = new ArrayList<>(search.ask(4));
    for (int told = 0; told < 110; told++) {
      SearchPoint point = asked.get(told);
      double x = Double.parseDouble(point.values().get("x")) / 900;
      search.tell(point, TwoCosts.outcome(point, x, 1 - x));
      asked.addAll(search.ask(4));
    }
    return asked.subList(14, 114).stream()
        .filter(point -> point.values().get("time").equals("short"))
        .count();
  }

  @ParameterizedTest
  @ValueSource(strings = {"motpe", "gaussian-process"})
  void withALimitItLooksForSmallFilesThatAreNearlyAsGoodAsTheBest(String strategy) {
    SearchSpace space =
        new SearchSpace(
            List.of(
                new SearchAxis("x", IntStream.range(0, 3000).mapToObj(String::valueOf).toList())));

    // Of files that are the smaller the worse they are, a tenth loses at most 8 points.
    assertThat(nearlyAsGood(strategy, space, 8.0)).isGreaterThan(60);
    assertThat(nearlyAsGood(strategy, space, null)).isLessThan(40);
  }

  /** How many of 100 points, after some, lose at most 8 percentage points. */
  private static long nearlyAsGood(String strategy, SearchSpace space, @Nullable Double maxLoss) {
    SearchSettings settings =
        new SearchSettings(
            new SearchSettings.Strategy(strategy), 10_000, Budgets.NONE, 4, maxLoss, List.of(), 1);
    Search search = SearchStrategies.start(space, settings, TwoCosts.ALIKE, 1);
    List<SearchPoint> asked = new ArrayList<>(search.ask(4));
    for (int told = 0; told < 140; told++) {
      SearchPoint point = asked.get(told);
      double x = Double.parseDouble(point.values().get("x")) / 3000;
      search.tell(point, TwoCosts.outcome(point, 10 - 10 * x, 10 * x));
      asked.addAll(search.ask(4));
    }
    return asked.subList(44, 144).stream()
        .filter(point -> Double.parseDouble(point.values().get("x")) <= 300)
        .count();
  }

  @ParameterizedTest
  @ValueSource(strings = {"motpe", "gaussian-process"})
  @Timeout(30)
  void axesOfAThousandValuesTakeNoLonger(String strategy) {
    SearchSpace space =
        new SearchSpace(
            IntStream.range(0, 6)
                .mapToObj(
                    i ->
                        new SearchAxis(
                            "x" + i, IntStream.range(0, 1000).mapToObj(String::valueOf).toList()))
                .toList());
    List<double[]> costs = TwoCosts.search(strategy, space, 40, 6, 1, point -> new double[] {1, 1});

    assertThat(costs).hasSize(40);
  }

  @ParameterizedTest
  @ValueSource(strings = {"motpe", "gaussian-process"})
  void whereHalfOfASpaceFailsItLooksInTheOther(String strategy) {
    SearchSpace space =
        new SearchSpace(
            List.of(
                new SearchAxis("kind", List.of("good", "bad")),
                new SearchAxis("x", IntStream.range(0, 900).mapToObj(String::valueOf).toList())));
    Search search = SearchStrategies.start(space, settings(strategy, 4), TwoCosts.ALIKE, 1);
    List<SearchPoint> asked = new ArrayList<>(search.ask(4));
    for (int told = 0; told < 100; told++) {
      SearchPoint point = asked.get(told);
      double x = Double.parseDouble(point.values().get("x")) / 900;
      search.tell(
          point,
          point.values().containsValue("bad") ? failed(point) : TwoCosts.outcome(point, x, 1 - x));
      asked.addAll(search.ask(1));
    }

    // Of 50 that come at random 25 would, give or take 3.5.
    assertThat(asked.subList(50, 100).stream().filter(p -> p.values().containsValue("bad")).count())
        .isLessThan(15);
  }

  private static Outcome failed(SearchPoint point) {
    return new Outcome.Failed(
        StageKey.of(new Named(point.values().toString())),
        new Failure(
            FailureCode.TRAINING_DIVERGED, StageSettings.Kind.PRUNE, "the loss is not finite"),
        SampleCandidates.provenance("0@here"));
  }
}
