package dev.pare.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.SampleCandidates;
import dev.pare.artifact.SizeBreakdown;
import dev.pare.candidate.Correctness;
import dev.pare.candidate.Evaluation;
import dev.pare.candidate.Failure;
import dev.pare.candidate.FailureCode;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Metric;
import dev.pare.candidate.Operations;
import dev.pare.candidate.OriginBytes;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings;
import dev.pare.frontier.Hypervolume;
import dev.pare.ledger.LedgerEntry;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FrontierGrowthTest {
  /** 1024 bytes; guessing is always wrong. */
  private static final Hypervolume MEASURE = Hypervolume.of(256, Metric.ERROR, 1);

  /** A student of a pruned network that took 10 s, as all of the same sparsity. */
  private static LedgerEntry measured(char key, double sparsity, int bits, long bytes, int right) {
    BitSet correct = new BitSet();
    correct.set(0, right);
    return new LedgerEntry(
        Map.of(),
        List.of("Prune[sparsity=" + sparsity + "]", "Quantize[bits=" + bits + "]", "Encode[]"),
        new Outcome.Measured(
            new StageKey(String.valueOf(key).repeat(64)),
            new Measurement(
                new SizeBreakdown(bytes, 0, 0, 0, 0),
                OriginBytes.UNKNOWN,
                "ab".repeat(32),
                1000,
                50,
                Operations.UNKNOWN,
                List.of(),
                Evaluation.of(Correctness.of(correct, 4))),
            Map.of("prune", 10.0, "quantize", 2.0, "encode", 1.0),
            SampleCandidates.provenance("0@here")));
  }

  private static LedgerEntry failed(char key) {
    return new LedgerEntry(
        Map.of(),
        List.of("Prune[sparsity=0.99]", "Encode[]"),
        new Outcome.Failed(
            new StageKey(String.valueOf(key).repeat(64)),
            new Failure(FailureCode.TRAINING_DIVERGED, StageSettings.Kind.PRUNE, "diverged"),
            SampleCandidates.provenance("0@here")));
  }

  @Test
  void everyCandidateAddsWhatNoneBeforeItHad() {
    // Halvings of the 1024 bytes, each with the share that is right: 1 · 1/2; nothing; 1 · 1/4
    // more;
    // a file that failed; 1/4 more, as the first halving has 3/4 now; nothing.
    List<LedgerEntry> candidates =
        List.of(
            measured('a', 0.5, 4, 512, 2),
            measured('b', 0.5, 8, 600, 2),
            measured('c', 0.9, 4, 256, 1),
            failed('d'),
            measured('e', 0.5, 3, 512, 3),
            measured('f', 0.9, 2, 2048, 4));

    assertThat(FrontierGrowth.of(candidates, MEASURE))
        .containsExactly(
            new FrontierGrowth.Step(1, 13, 0.5),
            new FrontierGrowth.Step(3, 13 + 3 + 13, 0.75),
            new FrontierGrowth.Step(5, 13 + 3 + 13 + 3, 1.0),
            new FrontierGrowth.Step(6, 13 + 3 + 13 + 3 + 3, 1.0));
  }

  @Test
  void theFirstCandidateOfAChainPaysForWhatItGoesThrough() {
    // Pruning to 0.9 goes through 0.5, which a later candidate ends with.
    Map<String, Double> whole = Map.of("prune", 30.0, "encode", 1.0);
    Map<String, Double> half = Map.of("prune", 12.0, "encode", 1.0);
    List<LedgerEntry> candidates =
        List.of(
            timed(measured('a', 0, 1, 512, 2), whole, "Prune[0.5]", "Prune[0.9]", "Encode[]"),
            timed(measured('b', 0, 2, 256, 1), half, "Prune[0.5]", "Encode[]"));

    assertThat(FrontierGrowth.of(candidates, MEASURE))
        .containsExactly(new FrontierGrowth.Step(1, 31, 0.5), new FrontierGrowth.Step(2, 32, 0.75));
  }

  private static LedgerEntry timed(
      LedgerEntry like, Map<String, Double> seconds, String... stages) {
    Outcome.Measured measured = (Outcome.Measured) like.outcome();
    return new LedgerEntry(
        like.point(),
        List.of(stages),
        new Outcome.Measured(
            measured.key(), measured.measurement(), seconds, measured.provenance()));
  }

  @Test
  void ofNoCandidateThereIsNothing() {
    assertThat(FrontierGrowth.of(List.of(), MEASURE)).isEmpty();
    assertThat(FrontierGrowth.of(List.of(failed('a')), MEASURE))
        .containsExactly(new FrontierGrowth.Step(1, 0, 0));
  }
}
