package dev.pare.cli;

import static dev.pare.SampleCandidates.ROOT;
import static dev.pare.SampleCandidates.candidate;
import static dev.pare.SampleCandidates.measurement;
import static dev.pare.SampleCandidates.provenance;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Failure;
import dev.pare.candidate.FailureCode;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageSettings.Kind;
import dev.pare.candidate.Task;
import dev.pare.data.DataSummary;
import dev.pare.data.ExampleShape;
import dev.pare.plan.StageTree;
import dev.pare.result.Score;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalProgressTest {
  private final StringWriter out = new StringWriter();
  private final TerminalProgress progress = TerminalProgress.lines(new PrintWriter(out));

  @Test
  void tellsOfTheTeacher() {
    progress.teacher("training on driver, 8 epochs");
    progress.teacherReady(new Score(1973, 2000));

    assertThat(out)
        .hasToString("teacher: training on driver, 8 epochs\nteacher: validation error 1.35%\n");
  }

  @Test
  void tellsOfTheDataAndLetsNothingSteerTheTerminal() {
    progress.loaded(
        new DataSummary(
            new DataSummary.Part(90, new DataSummary.Range(-1, 0.5f), null, List.of(0, 50, 40)),
            new DataSummary.Part(10, new DataSummary.Range(-0.5f, 0.25f), null, List.of(5, 5, 0)),
            new ExampleShape(1, 2, 2),
            Task.CLASSIFICATION,
            3,
            List.of(),
            null,
            0,
            20_480_000_000L,
            null,
            List.of()));
    progress.teacher("reading s3a://k:s@b/\u001b[2Jx.zip");

    assertThat(out)
        .hasToString(
            "data: 90 training and 10 validation examples of 1×2×2, -1 to 0.5 at the first layer,"
                + " 3 classes of 40 (2) to 50 (1) training examples; without training examples: 0;"
                + " without validation examples: 2;"
                + " 20,480 MB of them on the local disk\n"
                + "teacher: reading s3a://***@b/?[2Jx.zip\n");
  }

  @Test
  void tellsOfEveryCandidateThatEnds() {
    Candidate good = candidate(0.9, 4);
    Candidate bad = candidate(0.9, 1);
    progress.planned(StageTree.of(ROOT, List.of(good, bad)), 2);
    progress.finished(
        good, new Outcome.Measured(ROOT, measurement(500), Map.of(), provenance("0@here")), 1);
    progress.finished(
        bad,
        new Outcome.Failed(
            ROOT,
            new Failure(FailureCode.TRAINING_DIVERGED, Kind.PRUNE, "loss is NaN"),
            provenance("0@here")),
        2);

    assertThat(out.toString().lines())
        .containsExactly(
            "2 candidates of 6 stages, 1 of them shared",
            "[1/2] bits=4 sparsity=0.9: 500 B (8.0×), validation error 10.00%",
            "[2/2] bits=1 sparsity=0.9: failed (TRAINING_DIVERGED): loss is NaN");
  }

  @Test
  void aSearchThatGoesOnSaysWhatItMayComeTo() {
    Candidate candidate = candidate(0.9, 4);
    progress.planned(StageTree.of(ROOT, List.of(candidate)), 12);
    progress.finished(
        candidate, new Outcome.Measured(ROOT, measurement(500), Map.of(), provenance("0@here")), 1);
    progress.interrupted();

    assertThat(out.toString().lines())
        .containsExactly(
            "1 candidate so far, of at most 12, of 3 stages, 0 of them shared",
            "[1/1] bits=4 sparsity=0.9: 500 B (8.0×), validation error 10.00%",
            "pare: interrupted with 1 of at most 12 candidates done; nothing is lost, the same"
                + " command goes on from here");
  }
}
