package dev.pare.frontier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.pare.TestSeed;
import dev.pare.candidate.Correctness;
import dev.pare.candidate.Estimate;
import dev.pare.candidate.Metric;
import dev.pare.candidate.StageKey;
import dev.pare.frontier.FrontierChange.AtBudget;
import dev.pare.frontier.FrontierChange.Method;
import dev.pare.frontier.FrontierChange.Verdict;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FrontierChangeTest {
  private static final int EXAMPLES = 2000;
  private static final StageKey SAME = new StageKey("1".repeat(64));
  private static final StageKey OTHER = new StageKey("2".repeat(64));

  /** Right on all examples but those from {@code wrongFrom} on, so many of them. */
  private static FrontierSnapshot.Point point(char name, long bytes, int wrongFrom, int wrong) {
    BitSet right = new BitSet();
    right.set(0, EXAMPLES);
    right.clear(wrongFrom, wrongFrom + wrong);
    return new FrontierSnapshot.Point(
        new StageKey(String.valueOf(name).repeat(64)),
        Map.of("name", String.valueOf(name)),
        bytes,
        Correctness.of(right, EXAMPLES));
  }

  private static FrontierSnapshot snapshot(FrontierSnapshot.Point... points) {
    return new FrontierSnapshot(SAME, List.of(points));
  }

  private static FrontierSnapshot elsewhere(FrontierSnapshot snapshot) {
    return new FrontierSnapshot(OTHER, snapshot.points());
  }

  private static List<Verdict> verdicts(FrontierSnapshot before, FrontierSnapshot after) {
    return FrontierChange.of(before, after).budgets().stream().map(AtBudget::verdict).toList();
  }

  @Test
  void theSameFrontierHasNotChanged() {
    FrontierSnapshot frontier = snapshot(point('a', 5000, 0, 100), point('b', 9000, 0, 60));

    FrontierChange change = FrontierChange.of(frontier, frontier);

    assertThat(change.method()).isEqualTo(Method.PAIRED);
    assertThat(change.budgets())
        .extracting(AtBudget::bytes, AtBudget::pValue, AtBudget::verdict)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(5000L, 1.0, Verdict.SAME),
            org.assertj.core.groups.Tuple.tuple(9000L, 1.0, Verdict.SAME));
    assertThat(change.isWorse()).isFalse();
  }

  private static FrontierSnapshot.Point scored(char name, long bytes, String metric, double value) {
    return new FrontierSnapshot.Point(
        new StageKey(String.valueOf(name).repeat(64)),
        Map.of(),
        bytes,
        new Estimate(Metric.of(metric).orElseThrow(), EXAMPLES, value, 0.95 * value, 1.05 * value),
        null);
  }

  @Test
  void whatIsJudgedByAnotherMetricIsComparedByItsIntervals() {
    FrontierSnapshot before = snapshot(scored('a', 5000, "mse", 3), scored('b', 9000, "mse", 2));
    FrontierSnapshot after =
        snapshot(
            scored('c', 4000, "mse", 4),
            scored('d', 5000, "mse", 2.5),
            scored('e', 9000, "mse", 2.01));

    FrontierChange change = FrontierChange.of(before, after);
    assertThat(change.method()).isEqualTo(Method.INTERVALS);
    assertThat(verdicts(before, after))
        .containsExactly(Verdict.GAINED, Verdict.BETTER, Verdict.SAME);
    assertThat(verdicts(after, before)).containsExactly(Verdict.LOST, Verdict.WORSE, Verdict.SAME);
    assertThat(FrontierChange.of(before, before).isWorse()).isFalse();

    // A recall of nothing is as good as no file.
    assertThat(verdicts(snapshot(), snapshot(scored('a', 5000, "recall-of-1", 0))))
        .containsExactly(Verdict.SAME);
    assertThat(verdicts(snapshot(), snapshot(scored('a', 5000, "recall-of-1", 0.6))))
        .containsExactly(Verdict.GAINED);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FrontierChange.of(before, snapshot(scored('a', 5000, "mae", 3))))
        .withMessage("one is judged by mse, the other by mae");
  }

  /** A larger file that is no better was kept for something else: nothing has changed. */
  @Test
  void whatAThirdObjectiveKeepsIsNotCompared() {
    FrontierSnapshot two = snapshot(point('a', 5000, 0, 100), point('b', 9000, 0, 60));
    FrontierSnapshot three =
        snapshot(
            point('a', 5000, 0, 100),
            point('c', 5050, 0, 300),
            point('d', 7000, 0, 250),
            point('b', 9000, 0, 60));

    assertThat(verdicts(two, three)).containsExactly(Verdict.SAME, Verdict.SAME);
    assertThat(verdicts(three, two)).containsExactly(Verdict.SAME, Verdict.SAME);
    assertThat(FrontierChange.of(three, three).budgets()).hasSize(2);
  }

  @Test
  void aPlantedImprovementIsFoundWhereItIs() {
    FrontierSnapshot before = snapshot(point('a', 5000, 0, 100), point('b', 9000, 0, 60));
    FrontierSnapshot after = snapshot(point('c', 5000, 0, 80), point('b', 9000, 0, 60));

    FrontierChange change = FrontierChange.of(before, after);

    assertThat(verdicts(before, after)).containsExactly(Verdict.BETTER, Verdict.SAME);
    assertThat(change.isWorse()).isFalse();
    // One comparison, twenty examples all to one side.
    assertThat(change.budgets().get(0).pValue()).isCloseTo(2 * Math.pow(0.5, 20), within(1e-15));
  }

  @Test
  void aPlantedRegressionIsFoundWhereItIs() {
    FrontierSnapshot before = snapshot(point('a', 5000, 0, 100), point('b', 9000, 0, 60));
    FrontierSnapshot after = snapshot(point('a', 5000, 0, 100), point('d', 9000, 0, 80));

    assertThat(verdicts(before, after)).containsExactly(Verdict.SAME, Verdict.WORSE);
    assertThat(FrontierChange.of(before, after).isWorse()).isTrue();
  }

  @Test
  void differencesThatChanceMakesAreNone() {
    FrontierSnapshot before = snapshot(point('a', 5000, 0, 60));
    // Ten more wrong, but on other examples: 60 against 70.
    FrontierSnapshot after = snapshot(point('c', 5000, 1000, 70));

    assertThat(verdicts(before, after)).containsExactly(Verdict.SAME);
    assertThat(FrontierChange.of(before, after).budgets().get(0).pValue()).isGreaterThan(0.3);
  }

  @Test
  void onOtherExamplesSharesAreComparedAndTellLess() {
    FrontierSnapshot before = snapshot(point('a', 5000, 0, 100));
    FrontierSnapshot slightly = elsewhere(snapshot(point('c', 5000, 0, 80)));
    FrontierSnapshot much = elsewhere(snapshot(point('c', 5000, 0, 40)));

    assertThat(FrontierChange.of(before, slightly).method()).isEqualTo(Method.UNPAIRED);
    assertThat(verdicts(before, slightly)).containsExactly(Verdict.SAME);
    assertThat(verdicts(before, much)).containsExactly(Verdict.BETTER);
    assertThat(verdicts(much, before)).containsExactly(Verdict.WORSE);
  }

  @Test
  void smallerFilesThanEverAreAGainAndTheirAbsenceALoss() {
    FrontierSnapshot less = snapshot(point('b', 9000, 0, 60));
    FrontierSnapshot more = snapshot(point('a', 5000, 0, 100), point('b', 9000, 0, 60));

    assertThat(verdicts(less, more)).containsExactly(Verdict.GAINED, Verdict.SAME);
    assertThat(verdicts(more, less)).containsExactly(Verdict.LOST, Verdict.SAME);
    assertThat(FrontierChange.of(more, less).isWorse()).isTrue();
    assertThat(verdicts(snapshot(), snapshot())).isEmpty();
    assertThat(verdicts(more, snapshot())).containsExactly(Verdict.LOST, Verdict.LOST);
  }

  @Test
  void aFewBytesMoreAreNoLoss() {
    FrontierSnapshot before = snapshot(point('a', 5000, 0, 100));

    assertThat(verdicts(before, snapshot(point('c', 5050, 0, 100)))).containsExactly(Verdict.SAME);
    assertThat(verdicts(before, snapshot(point('c', 5051, 0, 100))))
        .containsExactly(Verdict.LOST, Verdict.SAME);
  }

  @Test
  void everyFileOfAFrontierIsCounted() {
    List<FrontierSnapshot.Point> files = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      // Half a percent larger than the one before.
      files.add(point((char) ('a' + i % 6), 10_000 + 50 * i, 0, 300 - 10 * i));
    }
    FrontierSnapshot frontier = new FrontierSnapshot(SAME, files);

    assertThat(verdicts(frontier, frontier)).hasSize(15).containsOnly(Verdict.SAME);
    List<FrontierSnapshot.Point> larger = new ArrayList<>();
    for (FrontierSnapshot.Point file : files) {
      larger.add(
          new FrontierSnapshot.Point(OTHER, file.point(), file.bytes() + 3, file.validation()));
    }
    assertThat(verdicts(frontier, new FrontierSnapshot(SAME, larger)))
        .hasSize(15)
        .containsOnly(Verdict.SAME);
    assertThat(verdicts(frontier, new FrontierSnapshot(SAME, files.subList(3, 15)))).hasSize(15);
  }

  @Test
  void aSmallerFileBesideAnEqualOneIsNoLoss() {
    FrontierSnapshot before = snapshot(point('a', 5020, 0, 60));
    FrontierSnapshot after = snapshot(point('b', 5000, 0, 100), point('a', 5020, 0, 60));

    assertThat(verdicts(before, after)).containsExactly(Verdict.GAINED, Verdict.SAME);
  }

  @Test
  void theAbsenceOfAFileThatIsHardlyBetterThanNoneIsNoSignificantLoss() {
    // All but five examples wrong: five to none is 0.06.
    FrontierSnapshot useless = snapshot(point('a', 5000, 0, EXAMPLES - 5));
    FrontierSnapshot useful = snapshot(point('a', 5000, 0, EXAMPLES - 6));

    assertThat(verdicts(useless, snapshot())).containsExactly(Verdict.SAME);
    assertThat(FrontierChange.of(useless, snapshot()).isWorse()).isFalse();
    assertThat(verdicts(useful, snapshot())).containsExactly(Verdict.LOST);
    assertThat(FrontierChange.of(useful, snapshot()).budgets().get(0).pValue())
        .isCloseTo(2 * Math.pow(0.5, 6), within(1e-15));
    assertThat(verdicts(snapshot(), useless)).containsExactly(Verdict.SAME);
  }

  @Test
  void manyComparisonsNeedClearerDifferences() {
    List<FrontierSnapshot.Point> before = new ArrayList<>();
    List<FrontierSnapshot.Point> after = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      before.add(point((char) ('a' + i), 1000L << i, 0, 200 - 20 * i));
      // Alone each of these would be significant: seven to none is 0.016.
      after.add(point((char) ('0' + i), 1000L << i, 0, 193 - 20 * i));
    }
    FrontierSnapshot first = new FrontierSnapshot(SAME, before);
    FrontierSnapshot second = new FrontierSnapshot(SAME, after);

    assertThat(verdicts(first, second)).containsOnly(Verdict.SAME).hasSize(6);
    assertThat(
            verdicts(
                new FrontierSnapshot(SAME, before.subList(0, 1)),
                new FrontierSnapshot(SAME, after.subList(0, 1))))
        .containsExactly(Verdict.BETTER);
  }

  @Test
  void chanceAloneSeldomRaisesAnAlarm() {
    SplittableRandom random = TestSeed.random();
    int frontiers = 300;
    int alarms = 0;
    for (int i = 0; i < frontiers; i++) {
      if (FrontierChange.of(noisy(random, 'a'), noisy(random, '0')).isWorse()) {
        alarms++;
      }
    }
    // At most 5% are expected; 30 are more than five standard deviations above.
    assertThat(alarms).isLessThan(36);
  }

  /** Six files that get each example right with the same chances whatever the run. */
  private static FrontierSnapshot noisy(SplittableRandom random, char first) {
    List<FrontierSnapshot.Point> points = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      BitSet right = new BitSet();
      for (int example = 0; example < EXAMPLES; example++) {
        right.set(example, random.nextDouble() < 0.9 + 0.015 * i);
      }
      points.add(
          new FrontierSnapshot.Point(
              new StageKey(String.valueOf((char) (first + i)).repeat(64)),
              Map.of(),
              1000L << i,
              Correctness.of(right, EXAMPLES)));
    }
    return new FrontierSnapshot(SAME, points);
  }
}
