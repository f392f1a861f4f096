package dev.pare.schedule;

import static dev.pare.SampleCandidates.ROOT;
import static dev.pare.SampleCandidates.candidate;
import static dev.pare.SampleCandidates.measurement;
import static dev.pare.SampleCandidates.provenance;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Failure;
import dev.pare.candidate.FailureCode;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings.Kind;
import dev.pare.pipeline.StageReport;
import dev.pare.plan.StageTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutcomeBookTest {
  private final Candidate narrow = candidate(0.9, 2);
  private final Candidate wide = candidate(0.9, 4);
  private final StageTree tree = StageTree.of(ROOT, List.of(narrow, wide));
  private final StageKey pruned = tree.all().get(0).key();
  private final OutcomeBook book = new OutcomeBook(tree);
  private final List<Candidate> told = new ArrayList<>();

  private void add(StageReport report) {
    book.add(report, (candidate, outcome) -> told.add(candidate));
  }

  private static StageReport done(
      StageKey key, Map<Kind, Double> seconds, Measurement measurement) {
    return new StageReport(key, seconds, measurement, null, provenance("1@host"));
  }

  private StageReport pruning() {
    return new StageReport(pruned, Map.of(Kind.PRUNE, 8.0), null, null, provenance("0@host"));
  }

  private StageReport failed(StageKey key) {
    return new StageReport(
        key,
        Map.of(),
        null,
        new Failure(FailureCode.TRAINING_DIVERGED, Kind.QUANTIZE, "loss is NaN"),
        provenance("1@host"));
  }

  @Test
  void aCandidateEndsWithItsLastTask() {
    add(pruning());
    assertThat(told).isEmpty();

    add(done(tree.keys().get(wide), Map.of(Kind.QUANTIZE, 2.0), measurement(500)));

    assertThat(told).containsExactly(wide);
    assertThat(book.done()).isEqualTo(1);
  }

  @Test
  void aMeasuredCandidateHasTheSecondsOfItsWholePath() {
    add(pruning());
    add(
        done(
            tree.keys().get(wide), Map.of(Kind.QUANTIZE, 2.0, Kind.ENCODE, 0.5), measurement(500)));
    add(failed(tree.keys().get(narrow)));

    Outcome.Measured measured = (Outcome.Measured) book.outcomes().get(wide);
    assertThat(measured.seconds())
        .containsOnly(
            Map.entry("prune", 8.0), Map.entry("quantize", 2.0), Map.entry("encode", 0.5));
    assertThat(measured.measurement()).isEqualTo(measurement(500));
    assertThat(measured.key()).isEqualTo(tree.keys().get(wide));
  }

  @Test
  void aFailedCandidateHasItsReason() {
    add(pruning());
    add(failed(tree.keys().get(narrow)));
    add(done(tree.keys().get(wide), Map.of(), measurement(500)));

    assertThat(book.outcomes().get(narrow))
        .isEqualTo(
            new Outcome.Failed(
                tree.keys().get(narrow),
                new Failure(FailureCode.TRAINING_DIVERGED, Kind.QUANTIZE, "loss is NaN"),
                provenance("1@host")));
  }

  @Test
  void outcomesAreInTheOrderOfTheCandidatesHoweverTheyEnded() {
    add(pruning());
    add(done(tree.keys().get(wide), Map.of(), measurement(500)));
    add(done(tree.keys().get(narrow), Map.of(), measurement(300)));

    assertThat(told).containsExactly(wide, narrow);
    assertThat(book.outcomes().keySet()).containsExactly(narrow, wide);
  }
}
