package dev.pare.frontier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.candidate.Correctness;
import dev.pare.candidate.StageKey;
import dev.pare.result.Selection;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** On candidates whose true errors are known, as they are drawn by them. */
class ChoiceBootstrapTest {
  private static final int EXAMPLES = 500;

  /**
   * A candidate.
   *
   * @param truth how likely it is wrong on any example
   */
  private record Drawn(StageKey key, long bytes, double truth, Correctness correctness, long third)
      implements Tradeoff {
    @Override
    public double quality() {
      return correctness.accuracy();
    }
  }

  private static Drawn drawn(int number, long bytes, double truth, SplittableRandom random) {
    return drawn(number, bytes, truth, 0, random);
  }

  private static Drawn drawn(
      int number, long bytes, double truth, long third, SplittableRandom random) {
    BitSet right = new BitSet();
    for (int i = 0; i < EXAMPLES; i++) {
      right.set(i, random.nextDouble() >= truth);
    }
    String key = String.format("%064x", number + 1);
    return new Drawn(new StageKey(key), bytes, truth, Correctness.of(right, EXAMPLES), third);
  }

  private static Map<StageKey, Selection> selections(List<Drawn> all) {
    return ChoiceBootstrap.of(
        all, ParetoFrontier.of(all, Drawn::third), Drawn::third, Drawn::correctness);
  }

  private static Drawn best(List<Drawn> all) {
    return ParetoFrontier.<Drawn>of(all).bestWithin(Long.MAX_VALUE).orElseThrow();
  }

  /** Mean over sweeps of what is told of the chosen file, less its true error. */
  private record Bias(double ofError, double afterChoice) {}

  private static Bias bias(double[] truths, int sweeps) {
    SplittableRandom random = new SplittableRandom(5);
    double ofError = 0;
    double afterChoice = 0;
    for (int s = 0; s < sweeps; s++) {
      List<Drawn> all = new ArrayList<>();
      for (int c = 0; c < truths.length; c++) {
        all.add(drawn(c, 100, truths[c], random));
      }
      Drawn best = best(all);
      ofError += (1 - best.quality() - best.truth()) / sweeps;
      afterChoice += (selections(all).get(best.key()).error() - best.truth()) / sweeps;
    }
    return new Bias(ofError, afterChoice);
  }

  @Test
  void ofEquallyGoodCandidatesTheErrorAfterChoiceIsTheTrueOne() {
    double[] truths = new double[50];
    java.util.Arrays.fill(truths, 0.1);
    Bias bias = bias(truths, 60);
    // The least of 50 errors of deviation 0.0134 is 2.25 deviations too small.
    assertThat(bias.ofError()).isCloseTo(-0.030, within(0.003));
    assertThat(Math.abs(bias.afterChoice())).isLessThan(0.006);
  }

  @Test
  void ofCandidatesThatDifferItIsNearerToTheTruth() {
    double[] truths = new double[50];
    for (int c = 0; c < truths.length; c++) {
      truths[c] = 0.08 + 0.001 * c;
    }
    Bias bias = bias(truths, 60);
    assertThat(bias.ofError()).isLessThan(-0.01);
    assertThat(Math.abs(bias.afterChoice())).isLessThan(-bias.ofError() / 2);
  }

  @Test
  void whereThereIsNoChoiceItIsTheErrorItself() {
    SplittableRandom random = new SplittableRandom(6);
    List<Drawn> one = List.of(drawn(0, 100, 0.2, random));
    Selection alone = selections(one).get(one.get(0).key());
    assertThat(alone.among()).isEqualTo(1);
    assertThat(alone.error()).isCloseTo(1 - one.get(0).quality(), within(0.004));

    List<Drawn> twice = List.of(one.get(0), one.get(0));
    assertThat(selections(twice)).isEqualTo(selections(one));

    // One is better by far than what else there is, so that every resample chooses it.
    List<Drawn> clear =
        List.of(drawn(0, 90, 0.5, random), drawn(1, 100, 0.1, random), drawn(2, 99, 0.6, random));
    Selection best = selections(clear).get(clear.get(1).key());
    assertThat(best.among()).isEqualTo(3);
    assertThat(best.error()).isCloseTo(1 - clear.get(1).quality(), within(0.004));
  }

  @Test
  void aFileIsChosenAmongThoseThatTakeNoMoreThanItself() {
    SplittableRandom random = new SplittableRandom(7);
    List<Drawn> all =
        List.of(
            drawn(0, 10, 0.3, 5, random),
            drawn(1, 20, 0.2, 9, random),
            drawn(2, 20, 0.4, 1, random),
            drawn(3, 30, 0.1, 9, random));
    Map<StageKey, Selection> selections = selections(all);
    assertThat(selections).hasSize(4);
    assertThat(selections.get(all.get(0).key()).among()).isEqualTo(1);
    assertThat(selections.get(all.get(1).key()).among()).isEqualTo(3);
    assertThat(selections.get(all.get(2).key()).among()).isEqualTo(1);
    assertThat(selections.get(all.get(3).key()).among()).isEqualTo(4);
    assertThat(selections(all)).isEqualTo(selections);
  }

  @Test
  void withoutClassesOrOnOtherExamplesNothingIsTold() {
    SplittableRandom random = new SplittableRandom(8);
    Drawn one = drawn(0, 10, 0.3, random);
    BitSet none = new BitSet();
    Drawn other = new Drawn(new StageKey("f".repeat(64)), 9, 1, Correctness.of(none, 7), 0);
    assertThat(selections(List.of(one, other))).isEmpty();
    assertThat(selections(List.of())).isEmpty();
    assertThat(
            ChoiceBootstrap.of(
                List.of(one), ParetoFrontier.<Drawn>of(List.of(one)), d -> 0, d -> null))
        .isEmpty();
  }
}
