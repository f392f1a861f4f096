package dev.pare.report;

import static dev.pare.SampleCandidates.candidate;
import static dev.pare.SampleCandidates.provenance;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.artifact.SizeBreakdown;
import dev.pare.candidate.Candidate;
import dev.pare.candidate.Correctness;
import dev.pare.candidate.Evaluation;
import dev.pare.candidate.Failure;
import dev.pare.candidate.FailureCode;
import dev.pare.candidate.FileSummary;
import dev.pare.candidate.Measurement;
import dev.pare.candidate.Operations;
import dev.pare.candidate.OriginBytes;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings;
import dev.pare.ledger.LedgerEntry;
import dev.pare.result.Score;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CandidateTableTest {
  private static final FrontierReport.Teacher TEACHER =
      new FrontierReport.Teacher(1000, new Score(99, 100), new Score(990, 1000));

  private static StageKey key(char name) {
    return new StageKey(String.valueOf(name).repeat(64));
  }

  private static LedgerEntry measured(Candidate candidate, char key, long bytes, int wrong) {
    return measured(candidate, key, bytes, wrong, OriginBytes.UNKNOWN);
  }

  private static LedgerEntry measured(
      Candidate candidate, char key, long bytes, int wrong, OriginBytes byOrigin) {
    BitSet right = new BitSet();
    right.set(wrong, 100);
    return LedgerEntry.of(
        candidate,
        new Outcome.Measured(
            key(key),
            new Measurement(
                new SizeBreakdown(bytes, 0, 0, 0, 0),
                byOrigin,
                "ab".repeat(32),
                1000,
                50,
                Operations.UNKNOWN,
                List.of(),
                Evaluation.of(Correctness.of(right, 100))),
            Map.of(),
            provenance("0@here")));
  }

  private static FrontierReport frontier(char key, int testCorrect) {
    return new FrontierReport(
        "sample",
        TEACHER,
        List.of(
            new FrontierRow(
                Map.of(),
                key(key),
                "best/x.pare",
                new FileSummary(
                    new SizeBreakdown(100, 0, 0, 0, 0),
                    OriginBytes.UNKNOWN,
                    null,
                    1000,
                    50,
                    Operations.UNKNOWN),
                new Score(96, 100),
                new Score(testCorrect, 1000),
                null)));
  }

  private static String text(TextTable table) {
    StringWriter text = new StringWriter();
    table.print(new PrintWriter(text));
    return text.toString().replace(System.lineSeparator(), "\n");
  }

  @Test
  void oneSweepHasIntervalsAndTestErrorsOfTheFrontierAlone() {
    LedgerEntry failed =
        LedgerEntry.of(
            candidate(0.5, 8),
            new Outcome.Failed(
                key('f'),
                new Failure(FailureCode.TRAINING_DIVERGED, StageSettings.Kind.PRUNE, "NaN"),
                provenance("0@here")));
    CandidateTable.Sweep sweep =
        new CandidateTable.Sweep(
            List.of(
                measured(candidate(0.9, 4), 'a', 100, 4),
                measured(candidate(0.8, 4), 'b', 150, 5),
                failed),
            frontier('a', 950));

    assertThat(text(CandidateTable.of(List.of(sweep))))
        .isEqualTo(
            """
            candidate            bytes  nonzero weights         validation error %  test error %
            bits=4 sparsity=0.9    100               50                4.00 ± 4.14   5.00 ± 1.36
            bits=4 sparsity=0.8    150               50                5.00 ± 4.51
            bits=8 sparsity=0.5                          failed: TRAINING_DIVERGED
            """);
  }

  @Test
  void severalSweepsHaveMeansAndStandardErrors() {
    // 3, 4 and 8 wrong of 100: mean 5, deviations −2, −1, 3, so √(14/2/3) = 1.53.
    List<CandidateTable.Sweep> sweeps =
        List.of(
            new CandidateTable.Sweep(
                List.of(
                    measured(candidate(0.9, 4), 'a', 100, 3),
                    measured(candidate(0.8, 4), 'd', 150, 2)),
                frontier('a', 950)),
            new CandidateTable.Sweep(
                List.of(measured(candidate(0.9, 4), 'b', 110, 4)), frontier('b', 952)),
            new CandidateTable.Sweep(
                List.of(measured(candidate(0.9, 4), 'c', 120, 8)), frontier('c', 954)));

    assertThat(text(CandidateTable.of(sweeps)))
        .isEqualTo(
            """
            candidate            runs  bytes  nonzero weights  validation error %  test error %
            bits=4 sparsity=0.9     3    110               50         5.00 ± 1.53   4.80 ± 0.12
            bits=4 sparsity=0.8     1    150               50                2.00
            """);
  }

  /** One run counts once, and is tested where it was. */
  @Test
  void whatSeveralSweepsHaveOfOneKeyIsOneRun() {
    CandidateTable.Sweep first =
        new CandidateTable.Sweep(
            List.of(measured(candidate(0.9, 4), 'a', 100, 4)), frontier('a', 860));
    CandidateTable.Sweep second =
        new CandidateTable.Sweep(
            List.of(
                measured(candidate(0.9, 4), 'a', 100, 4), measured(candidate(0.8, 4), 'b', 150, 2)),
            frontier('a', 950));

    assertThat(text(CandidateTable.of(List.of(first, second))))
        .contains(
            "bits=4 sparsity=0.9     1    100               50                4.00         14.00");
    assertThat(text(CandidateTable.of(List.of(second, first))))
        .contains(
            "bits=4 sparsity=0.9     1    100               50                4.00          5.00");
  }

  @Test
  void bytesWithoutOriginStandBesideThoseOfFilesThatMayHoldOne() {
    List<CandidateTable.Sweep> sweeps =
        List.of(
            new CandidateTable.Sweep(
                List.of(
                    measured(candidate(0.9, 4), 'a', 100, 4, new OriginBytes(100L, 130L)),
                    measured(candidate(0.8, 4), 'd', 150, 2)),
                frontier('a', 950)),
            new CandidateTable.Sweep(
                List.of(measured(candidate(0.9, 4), 'b', 110, 4, new OriginBytes(110L, 150L))),
                frontier('b', 950)));

    assertThat(text(CandidateTable.of(sweeps)))
        .isEqualTo(
            """
            candidate            runs  bytes  without origin  nonzero weights  validation error %  test error %
            bits=4 sparsity=0.9     2    105             140               50         4.00 ± 0.00   5.00 ± 0.00
            bits=4 sparsity=0.8     1    150                               50                2.00
            """);
  }

  @Test
  void markdownHasARuleAndEscapesItsBars() {
    TextTable table =
        new TextTable(List.of(TextTable.Column.left("what"), TextTable.Column.right("n")));
    table.add(List.of("a|b", "7"));
    StringWriter text = new StringWriter();
    table.printMarkdown(new PrintWriter(text));

    assertThat(text.toString().replace(System.lineSeparator(), "\n"))
        .isEqualTo("| what | n |\n| --- | ---: |\n| a\\|b | 7 |\n");
  }
}
