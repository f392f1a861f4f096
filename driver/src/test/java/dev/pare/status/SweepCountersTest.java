package dev.pare.status;

import static dev.pare.SampleCandidates.ROOT;
import static dev.pare.SampleCandidates.candidate;
import static dev.pare.SampleCandidates.measurement;
import static dev.pare.SampleCandidates.provenance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Failure;
import dev.pare.candidate.FailureCode;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.StageSettings.Kind;
import dev.pare.candidate.ThirdObjective;
import dev.pare.folder.SweepFolder;
import dev.pare.frontier.Hypervolume;
import dev.pare.pipeline.StageReport;
import dev.pare.plan.StageTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepCountersTest {
  private static final Candidate SMALL = candidate(0.9, 2);
  private static final Candidate LARGE = candidate(0.9, 4);

  private final StageTree tree = StageTree.of(ROOT, List.of(SMALL, LARGE));
  private static final List<Kind> STAGES =
      List.of(Kind.PRUNE, Kind.QUANTIZE, Kind.ENCODE, Kind.QUANTIZE, Kind.ENCODE);

  private final SweepCounters tally = new SweepCounters("sample", ThirdObjective.NONE);

  @TempDir private Path folder;

  private static StageReport report(Map<Kind, Double> seconds) {
    return new StageReport(ROOT, seconds, null, null, provenance("0@here"));
  }

  private Outcome measured(Candidate candidate, long bytes) {
    StageKey key = tree.keys().get(candidate);
    return new Outcome.Measured(key, measurement(bytes), Map.of(), provenance("0@here"));
  }

  private Outcome failed(Candidate candidate) {
    return new Outcome.Failed(
        tree.keys().get(candidate),
        new Failure(FailureCode.TRAINING_DIVERGED, Kind.PRUNE, "NaN"),
        provenance("0@here"));
  }

  @Test
  void knowsNoNumbersBeforeThereAreCandidates() {
    tally.doing("teacher: training");

    SweepStatus status = tally.status();
    assertThat(status.doing()).isEqualTo("teacher: training");
    assertThat(status.candidates()).isZero();
    assertThat(status.secondsLeft()).isNull();
  }

  @Test
  void countsWhatEndsAndHowGoodTheFrontierIs() {
    tally.reference(new Hypervolume(4000, -1));
    tally.planned(2, 2, STAGES);
    tally.ended(SMALL, measured(SMALL, 500));
    assertThat(tally.status().hypervolume()).isCloseTo(3 * 0.9, within(1e-9));
    tally.ended(LARGE, failed(LARGE));

    SweepStatus status = tally.status();
    assertThat(status.candidates()).isEqualTo(2);
    assertThat(status.done()).isEqualTo(2);
    assertThat(status.failed()).isEqualTo(1);
    assertThat(status.frontier()).isEqualTo(1);
    assertThat(status.hypervolume()).isCloseTo(3 * 0.9, within(1e-9));
  }

  @Test
  void whatIsLeftTakesAsLongAsWhatWasRun() {
    TimeLeft left = new TimeLeft();
    STAGES.forEach(left::planned);
    assertThat(left.seconds(1, 1)).isEmpty();

    // Four stages of kinds that nothing is known of, as long as the one that was run, one by one.
    left.ran(report(Map.of(Kind.PRUNE, 10.0)));
    assertThat(left.seconds(10, 1)).hasValueCloseTo(40.0, within(1e-9));
    // Two at once.
    assertThat(left.seconds(5, 1)).hasValueCloseTo(20.0, within(1e-9));

    // Two stages took two seconds, and so will the two that are left.
    left.ran(report(Map.of(Kind.QUANTIZE, 1.5, Kind.ENCODE, 0.5)));
    assertThat(left.seconds(12, 1)).hasValueCloseTo(2.0, within(1e-9));
    left.ended(report(Map.of(Kind.QUANTIZE, 9.0, Kind.ENCODE, 9.0)));
    assertThat(left.seconds(12, 1)).hasValue(0);
    assertThat(left.ended()).isEqualTo(5);
  }

  @Test
  void aSearchThatGoesOnHasAsMuchLeftAsItMayAskFor() {
    tally.reference(new Hypervolume(4000, -1));
    tally.planned(2, 10, STAGES);
    assertThat(tally.status().candidates()).isEqualTo(2);
    assertThat(tally.status().atMost()).isEqualTo(10);

    // Of ten candidates there will be five times as many stages as of two.
    TimeLeft left = new TimeLeft();
    STAGES.forEach(left::planned);
    left.ran(report(Map.of(Kind.PRUNE, 10.0)));
    assertThat(left.seconds(10, 5)).hasValueCloseTo(240.0, within(1e-9));

    tally.ran(report(Map.of(Kind.PRUNE, 10.0)));
    tally.ended(SMALL, measured(SMALL, 500));
    tally.ended(LARGE, failed(LARGE));
    assertThat(tally.status().secondsLeft()).isPositive();
    tally.planned(2, 2, List.of());
    assertThat(tally.status().atMost()).isNull();
    assertThat(tally.status().secondsLeft()).isNull();
  }

  @Test
  void whatAnEarlierRunDidIsNoMeasureOfThisOne() {
    tally.reference(new Hypervolume(4000, -1));
    tally.planned(2, 2, STAGES);
    tally.found(report(Map.of(Kind.PRUNE, 10.0)));

    SweepStatus status = tally.status();
    assertThat(status.stages()).isEqualTo(5);
    assertThat(status.stagesDone()).isEqualTo(1);
    assertThat(status.stageSeconds().values()).allMatch(seconds -> seconds == 0);
    assertThat(status.secondsLeft()).isNull();
  }

  @Test
  void aStatusComesBackFromItsFile() throws IOException {
    org.apache.hadoop.fs.Path out = new org.apache.hadoop.fs.Path(folder.toUri());
    tally.reference(new Hypervolume(4000, -1));
    tally.planned(2, 2, STAGES);
    tally.state(SweepStatus.State.INTERRUPTED);
    SweepStatus status = tally.status();
    StatusFile.write(new SweepFolder(out, new Configuration()), tally.status(), "0");
    StatusFile.write(new SweepFolder(out, new Configuration()), status, "0");

    assertThat(StatusFile.read(new SweepFolder(out, new Configuration()))).isEqualTo(status);
    assertThat(folder.toFile().list()).containsExactly("status.json");
  }

  @Test
  void aStatusThatIsNoneIsNamed() throws IOException {
    org.apache.hadoop.fs.Path out = new org.apache.hadoop.fs.Path(folder.toUri());
    assertThatThrownBy(() -> StatusFile.read(new SweepFolder(out, new Configuration())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("status.json: there is no such file");
    Files.writeString(folder.resolve("status.json"), "{ \"sweep\"");
    assertThatThrownBy(() -> StatusFile.read(new SweepFolder(out, new Configuration())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("status.json: ");
  }
}
