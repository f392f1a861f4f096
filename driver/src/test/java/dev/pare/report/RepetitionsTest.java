package dev.pare.report;

import static dev.pare.SampleCandidates.measurement;
import static dev.pare.SampleCandidates.provenance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.frontier.Tradeoff;
import dev.pare.ledger.LedgerEntry;
import dev.pare.result.Runs;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RepetitionsTest {
  private final List<LedgerEntry> entries = new ArrayList<>();

  private record Number(int number) {}

  private StageKey add(String sparsity, String repeat, int wrong) {
    BitSet right = new BitSet();
    right.set(wrong, 1000);
    StageKey key = StageKey.of(new Number(entries.size()));
    Map<String, String> point = new TreeMap<>(Map.of("sparsity", sparsity));
    if (!repeat.isEmpty()) {
      point.put("repeat", repeat);
    }
    entries.add(
        new LedgerEntry(
            point,
            List.of(
                "Prune[sparsity="
                    + sparsity
                    + ", repeat="
                    + (repeat.isEmpty() ? "null" : repeat)
                    + "]"),
            new Outcome.Measured(
                key, measurement(500, right, 1000), Map.of(), provenance("0@here"))));
    return key;
  }

  /**
   * Errors of 1, 2 and 3%, and of 5 and 5.4%: pooled over 3 degrees of freedom the variance is (2 +
   * 0.08)/3, and Student's t has 0.975 below 3.182446.
   */
  @Test
  void meansHaveIntervalsOfThePooledVariance() {
    StageKey first = add("0.9", "", 10);
    StageKey second = add("0.9", "1", 20);
    StageKey third = add("0.9", "2", 30);
    StageKey other = add("0.5", "", 50);
    add("0.5", "1", 54);
    StageKey once = add("0.1", "", 10);

    Map<StageKey, Runs> runs = Repetitions.of(entries);

    assertThat(runs).doesNotContainKey(once).hasSize(5);
    assertThat(runs.get(first)).isEqualTo(runs.get(second)).isEqualTo(runs.get(third));
    Runs three = runs.get(first);
    assertThat(three.count()).isEqualTo(3);
    assertThat(three.mean().value()).isCloseTo(0.02, within(1e-12));
    double half = 3.182446 * Math.sqrt(2.08 / 3 / 3) / 100;
    assertThat(three.mean().high() - three.mean().value()).isCloseTo(half, within(1e-8));
    Runs two = runs.get(other);
    assertThat(two.mean().value()).isCloseTo(0.052, within(1e-12));
    assertThat(two.mean().high() - two.mean().value())
        .isCloseTo(half * Math.sqrt(3.0 / 2), within(1e-8));
    assertThat(three.text()).isEqualTo("2.00 ± 1.53 of 3");
  }

  @Test
  void intervalsOfSharesStayWithinThem() {
    StageKey key = add("0.9", "", 0);
    add("0.9", "1", 100);

    assertThat(Repetitions.of(entries).get(key).mean().low()).isZero();
  }

  private record File(List<String> stages, long bytes, double quality, StageKey key)
      implements Tradeoff {
    File(String stages, long bytes, double quality) {
      this(List.of(stages.split(" ", -1)), bytes, quality, StageKey.of(new Number((int) bytes)));
    }
  }

  @Test
  void theBestRunStandsForAll() {
    File first = new File("0.9,repeat=null", 100, 0.9);
    File better = new File("0.9,repeat=1", 101, 0.91);
    File larger = new File("0.9,repeat=12", 102, 0.91);
    // Pruned in two steps.
    File other = new File("0.5,repeat=null 0.9,repeat=null", 120, 0.8);

    assertThat(Repetitions.best(List.of(first, larger, better, other), File::stages))
        .containsExactlyInAnyOrder(better, other);
  }
}
