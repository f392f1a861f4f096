package dev.pare.search;

import static dev.pare.SampleCandidates.measurement;
import static dev.pare.SampleCandidates.provenance;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.Failure;
import dev.pare.candidate.FailureCode;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReplicationTest {
  private static final int EXAMPLES = 1000;

  private final Replication<String> replication = new Replication<>(4);
  private int told;

  private record Number(int number) {}

  private StageKey key() {
    return StageKey.of(new Number(told++));
  }

  /** Wrong are the examples from the first on. */
  private void take(String candidate, long bytes, int wrong) {
    take(candidate, bytes, IntStream.range(0, wrong).toArray());
  }

  private void take(String candidate, long bytes, int[] wrong) {
    BitSet right = new BitSet();
    right.set(0, EXAMPLES);
    IntStream.of(wrong).forEach(right::clear);
    replication.take(
        candidate,
        new Outcome.Measured(
            key(), measurement(bytes, right, EXAMPLES), Map.of(), provenance("0@here")));
  }

  private List<String> next() {
    return replication.next(100).stream()
        .map(repeat -> repeat.candidate() + repeat.number())
        .toList();
  }

  @Test
  void whatDiffersClearlyRunsOnce() {
    take("small", 1000, 300);
    take("middle", 2000, 200);
    take("large", 3000, 100);

    assertThat(next()).isEmpty();
  }

  @Test
  void neighboursThatCannotBeToldApartRunAgain() {
    take("small", 1000, 300);
    take("middle", 2000, 104);
    take("large", 3000, IntStream.range(500, 600).toArray());
    // Dominated: as good as the best, and larger.
    take("vain", 4000, 100);

    assertThat(next()).containsExactly("middle1", "large1");
  }

  /**
   * 8 that one alone gets wrong, and none that the other does, has p = 0.008 in McNemar's exact
   * test; 108 of 1000 against 100 of others would be 0.56.
   */
  @Test
  void examplesAreComparedInPairs() {
    take("small", 1000, 108);
    take("large", 2000, 100);

    assertThat(next()).isEmpty();
  }

  @Test
  void noMoreRunsThanAllowed() {
    List<String> asked = new ArrayList<>();
    for (int round = 0; round < 10; round++) {
      take("small", 1000, 101);
      take("large", 2000, 100);
      asked.addAll(next());
    }

    assertThat(asked).containsExactly("small1", "large1", "small2", "large2", "small3", "large3");
  }

  @Test
  void aLuckyRunLeavesTheFrontier() {
    take("small", 1000, 100);
    take("lucky", 1500, 98);
    assertThat(next()).containsExactly("small1", "lucky1");
    take("small", 1000, 100);
    take("lucky", 1500, 140);

    assertThat(next()).isEmpty();
  }

  /**
   * 12 of 1000 is much between two runs, and little where runs of the same settings differ by 30.
   */
  @Test
  void runsCountByHowMuchTheyDiffer() {
    take("small", 1000, 112);
    take("large", 2000, 100);
    assertThat(next()).isEmpty();
    take("small", 1000, 142);
    take("large", 2000, 130);

    assertThat(next()).containsExactly("small1", "large1");
  }

  @Test
  void thereAreNoMoreThanThereIsRoomForAndTheOthersComeNext() {
    take("small", 1000, 101);
    take("large", 2000, 100);

    assertThat(replication.next(1)).containsExactly(new Replication.Repeat<>("small", 1));
    take("small", 1000, 101);
    assertThat(next()).containsExactly("small2", "large1");
  }

  @Test
  void whatComesToTheSameFileAgainOrFailsEnds() {
    StageKey key = key();
    Outcome.Measured same =
        new Outcome.Measured(key, measurement(1000), Map.of(), provenance("0@here"));
    replication.take("small", same);
    take("large", 2000, 99);
    // 90% of 10 examples against 90.1% of 1000.
    assertThat(next()).containsExactly("small1", "large1");
    replication.take("small", same);
    replication.take(
        "large",
        new Outcome.Failed(
            key(),
            new Failure(FailureCode.TRAINING_DIVERGED, StageSettings.Kind.PRUNE, "NaN"),
            provenance("0@here")));
    assertThat(next()).containsExactly("small2", "large2");
    assertThat(next()).containsExactly("small3", "large3");
    assertThat(next()).isEmpty();
  }
}
