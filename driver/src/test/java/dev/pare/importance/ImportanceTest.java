package dev.pare.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pare.SampleCandidates;
import dev.pare.artifact.SizeBreakdown;
import dev.pare.candidate.Correctness;
import dev.pare.candidate.Evaluation;
import dev.pare.candidate.Failure;
import dev.pare.candidate.FailureCode;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Operations;
import dev.pare.candidate.OriginBytes;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings;
import dev.pare.ledger.LedgerEntry;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ImportanceTest {
  private static final double EXACT = 1e-12;

  private static StageKey key(int number) {
    return new StageKey("%064x".formatted(number));
  }

  private static LedgerEntry measured(
      int number, Map<String, String> point, long bytes, int wrong) {
    BitSet right = new BitSet();
    right.set(wrong, 100);
    return new LedgerEntry(
        point,
        List.of(),
        new Outcome.Measured(
            key(number),
            new Measurement(
                new SizeBreakdown(bytes, 0, 0, 0, 0),
                OriginBytes.UNKNOWN,
                "ab".repeat(32),
                1000,
                50,
                Operations.UNKNOWN,
                List.of(),
                Evaluation.of(Correctness.of(right, 100))),
            Map.of(),
            SampleCandidates.provenance("0@here")));
  }

  private static LedgerEntry failed(int number, Map<String, String> point) {
    return new LedgerEntry(
        point,
        List.of(),
        new Outcome.Failed(
            key(number),
            new Failure(FailureCode.TRAINING_DIVERGED, StageSettings.Kind.PRUNE, "diverged"),
            SampleCandidates.provenance("0@here")));
  }

  /**
   * Sizes that halve by sparsity and not by temperature, and errors of 1, 2, 6, 3, 8 and 4, whose
   * shares are 3/17, 6/17 and 8/17.
   */
  private static List<LedgerEntry> grid() {
    List<LedgerEntry> ledger = new ArrayList<>();
    int[] wrong = {1, 2, 6, 3, 8, 4};
    for (int i = 0; i < wrong.length; i++) {
      Map<String, String> point =
          Map.of("sparsity", i < 3 ? "0.5" : "0.75", "temperature", String.valueOf(1 + i % 3));
      ledger.add(measured(i, point, i < 3 ? 2048 : 1024, wrong[i]));
    }
    return ledger;
  }

  @Test
  void ofAGridEverySettingHasTheShareOfItsMeans() {
    Importance importance = Importance.of(grid());

    assertThat(importance.isKnown()).isTrue();
    assertThat(importance.candidates()).isEqualTo(6);
    assertThat(importance.alone())
        .extracting(effect -> effect.settings().get(0))
        .containsExactly("sparsity", "temperature");
    Importance.Effect sparsity = importance.alone().get(0);
    Importance.Effect temperature = importance.alone().get(1);
    assertThat(sparsity.size()).isEqualTo(1, within(EXACT));
    assertThat(temperature.size()).isEqualTo(0, within(EXACT));
    assertThat(sparsity.quality()).isEqualTo(3 / 17.0, within(EXACT));
    assertThat(temperature.quality()).isEqualTo(6 / 17.0, within(EXACT));
    assertThat(importance.largestPairs()).hasSize(1);
    assertThat(importance.largestPairs().get(0).settings())
        .containsExactly("sparsity", "temperature");
    assertThat(importance.largestPairs().get(0).quality()).isEqualTo(8 / 17.0, within(EXACT));
    assertThat(importance.rest().quality()).isEqualTo(0, within(EXACT));
  }

  @Test
  void candidatesThatFailedAreLeftOutInAnyOrderOfTheLedger() {
    List<LedgerEntry> ledger = grid();
    for (int i = 0; i < 20; i++) {
      ledger.add(failed(100 + i, Map.of("sparsity", "0.9", "temperature", "9")));
    }
    Collections.shuffle(ledger, new Random(3));

    assertThat(Importance.of(ledger)).isEqualTo(Importance.of(grid()));
  }

  @Test
  void aCandidateWithAValueOfItsOwnIsLeftOutAndCounted() {
    List<LedgerEntry> ledger = grid();
    ledger.add(measured(50, Map.of("bits", "8"), 4096, 0));
    ledger.add(measured(51, Map.of("sparsity", "0.99", "temperature", "1"), 16, 90));
    Importance importance = Importance.of(ledger);

    assertThat(importance.leftOut()).isEqualTo(2);
    assertThat(importance.alone()).isEqualTo(Importance.of(grid()).alone());
  }

  @Test
  void repetitionsCountByTheirMean() {
    // The second sweep has twice the errors: the means are one and a half times the first one's.
    List<LedgerEntry> ledger = grid();
    int[] wrong = {2, 4, 12, 6, 16, 8};
    for (int i = 0; i < wrong.length; i++) {
      ledger.add(measured(60 + i, ledger.get(i).point(), i < 3 ? 2048 : 1024, wrong[i]));
    }
    Importance importance = Importance.of(ledger);

    assertThat(importance.candidates()).isEqualTo(12);
    assertThat(importance.alone().get(0).quality()).isEqualTo(3 / 17.0, within(EXACT));
  }

  @Test
  void ofTooFewCandidatesNothingIsTold() {
    List<LedgerEntry> ledger = new ArrayList<>();
    // Four values of each of three settings, of which 24 candidates would be enough.
    Random random = new Random(4);
    for (int i = 0; i < 64; i++) {
      ledger.add(
          measured(
              i,
              Map.of(
                  "a", String.valueOf(i / 16),
                  "b", String.valueOf(i / 4 % 4),
                  "c", String.valueOf(i % 4)),
              1000 + 100 * i,
              random.nextInt(50)));
    }
    Collections.shuffle(ledger, random);
    Importance few = Importance.of(ledger.subList(0, 23));
    Importance enough = Importance.of(ledger.subList(0, 24));

    assertThat(few.isKnown()).isFalse();
    assertThat(few.alone()).isEmpty();
    assertThat(few.reason())
        .isEqualTo(
            "3 settings vary: that takes 24 measured candidates, 2 for each value, or a whole grid;"
                + " there are 23");
    assertThat(enough.isKnown()).isTrue();
    assertThat(enough.alone().stream().mapToDouble(Importance.Effect::size).sum())
        .isBetween(0.5, 1.0);
  }

  @Test
  void oneSettingAloneIsNoQuestion() {
    List<LedgerEntry> ledger = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      ledger.add(measured(i, Map.of("sparsity", i < 4 ? "0.5" : "0.9"), 1000 + i, i));
    }
    assertThat(Importance.of(ledger).reason())
        .isEqualTo("fewer than two settings vary over values that two measured candidates have");
    assertThat(Importance.of(List.of()).isKnown()).isFalse();
  }
}
