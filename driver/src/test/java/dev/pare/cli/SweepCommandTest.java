package dev.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.SampleCandidates;
import dev.pare.candidate.Failure;
import dev.pare.candidate.FailureCode;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageSettings.Kind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SweepCommandTest {
  private final StringWriter err = new StringWriter();

  private static Outcome failed(FailureCode code) {
    return new Outcome.Failed(
        SampleCandidates.ROOT,
        new Failure(code, Kind.PRUNE, "out of memory; see PARE_MEMORY"),
        SampleCandidates.provenance("0@here"));
  }

  private int exitCode(Outcome... outcomes) {
    return SweepCommand.exitCode(List.of(outcomes), new PrintWriter(err, true));
  }

  @Test
  void aSweepWhoseCandidatesAllFailedForWantOfResourcesFailed() {
    assertThat(exitCode(failed(FailureCode.RESOURCES_EXHAUSTED))).isEqualTo(1);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "pare: every candidate failed for want of resources: out of memory; see PARE_MEMORY");
  }

  @Test
  void failuresOfSomeCandidatesOrOfTheirOwnSettingsAreNoFailureOfTheSweep() {
    Outcome measured =
        new Outcome.Measured(
            SampleCandidates.ROOT,
            SampleCandidates.measurement(100),
            Map.of(),
            SampleCandidates.provenance("0@here"));

    assertThat(exitCode(failed(FailureCode.RESOURCES_EXHAUSTED), measured)).isZero();
    assertThat(exitCode(failed(FailureCode.TRAINING_DIVERGED))).isZero();
    assertThat(exitCode()).isZero();
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void memoryThatRanOutIsNamedHoweverItIsWrapped() {
    Throwable wrapped =
        new IllegalStateException(
            "the sweep was interrupted", new RuntimeException(new OutOfMemoryError("Java heap")));
    CommandLine command = Main.commands();
    command.setErr(new PrintWriter(err, true));

    assertThat(ErrorReport.isOutOfMemory(wrapped)).isTrue();
    assertThat(new ErrorReport().report(wrapped, command)).isEqualTo(1);
    assertThat(err.toString()).contains("out of memory", "PARE_MEMORY", "slots");
    assertThat(ErrorReport.isOutOfMemory(new InterruptedException())).isFalse();
  }
}
