package dev.pare.run;

import static dev.pare.SampleCandidates.ROOT;
import static dev.pare.SampleCandidates.candidate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.candidate.Metric;
import dev.pare.candidate.StageKey;
import dev.pare.folder.References;
import dev.pare.plan.StageTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReferenceNotesTest {
  private static final StageKey OLD = new StageKey("1".repeat(64));
  private static final References EARLIER =
      new References(
          Optional.of("configuration before"),
          Set.of("frontier before"),
          OptionalInt.of(9),
          Optional.of("ledger before"),
          Map.of("teacher.pare", "teacher before"),
          Map.of("run before", "digest"),
          Set.of(OLD));

  private final StageTree tree = new StageTree(ROOT, Metric.ERROR);
  private final List<References> written = new ArrayList<>();
  private final ReferenceNotes notes =
      new ReferenceNotes(
          tree, "configuration", Map.of("teacher.pare", "teacher"), () -> EARLIER, written::add);

  private References last() {
    return written.get(written.size() - 1);
  }

  private Set<StageKey> ofTheTree() {
    Set<StageKey> keys = new HashSet<>(Set.of(ROOT));
    tree.all().forEach(stage -> keys.add(stage.key()));
    return keys;
  }

  /** As a search adds them that waits for outcomes. */
  private void grow(int candidates) {
    for (int i = 0; i < candidates; i++) {
      tree.add(List.of(candidate((tree.keys().size() + 1) / 1e6, 4)));
      notes.grown(false);
    }
  }

  @Test
  void aSmallTreeIsNotedWholeWithEachCandidate() {
    for (int i = 0; i < 5; i++) {
      grow(1);

      assertThat(last().keys()).containsAll(ofTheTree());
    }
    assertThat(written).hasSize(5);
  }

  @Test
  void ofALargeOneAllButASixteenthIsNotedAtAnyTime() {
    for (int i = 0; i < 2000; i++) {
      grow(1);

      assertThat(last().keys()).hasSizeGreaterThan((int) (tree.stages() / (1 + 1.0 / 16)));
    }
  }

  @Test
  void whatIsWrittenGrowsAsTheTreeDoes() {
    // With each candidate anew it would be 10,000 times 15,000 keys on average.
    grow(10_000);

    long keys = written.stream().mapToLong(references -> references.keys().size()).sum();
    assertThat(tree.stages()).isEqualTo(30_000);
    assertThat(keys).isLessThan(18L * tree.stages());
  }

  @Test
  void whenNoMoreCandidatesComeAllOfThemAreNotedAndNoneOfBefore() {
    grow(1000);
    assertThat(last().keys()).contains(OLD);

    notes.grown(true);

    assertThat(last().keys()).isEqualTo(ofTheTree());
    assertThat(last().configuration()).contains("configuration");
    assertThat(last().frontiers()).isEqualTo(EARLIER.frontiers());
  }

  @Test
  void whereTheRunStopsAllThereIsIsNoted() {
    grow(1000);
    assertThat(last().keys().containsAll(ofTheTree())).isFalse();

    notes.end();

    assertThat(last().keys()).containsAll(ofTheTree()).contains(OLD);
  }

  @Test
  void aStorageThatFailsAtTheEndHidesNoOtherReason() {
    ReferenceNotes failing =
        new ReferenceNotes(
            tree,
            "configuration",
            Map.of("teacher.pare", "teacher"),
            () -> EARLIER,
            references -> {
              throw new UncheckedIOException(new IOException("full"));
            });
    tree.add(List.of(candidate(0.5, 4)));

    assertThatThrownBy(() -> failing.grown(false)).isInstanceOf(UncheckedIOException.class);
    assertThatCode(failing::end).doesNotThrowAnyException();
  }

  @Test
  void whatIsNotedIsNotWrittenAgain() {
    grow(3);
    notes.grown(true);
    int times = written.size();

    notes.grown(true);
    notes.end();

    assertThat(written).hasSize(times);
  }

  @Test
  void whereThereIsNothingButTheTeacherThatIsNoted() {
    notes.grown(true);

    assertThat(last().keys()).containsExactly(ROOT);
  }
}
