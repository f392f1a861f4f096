package dev.pare.run;

import static dev.pare.SampleCandidates.ROOT;
import static dev.pare.SampleCandidates.candidate;
import static dev.pare.SampleCandidates.measurement;
import static dev.pare.SampleCandidates.provenance;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.candidate.Candidate;
import dev.pare.candidate.Outcome;
import dev.pare.candidate.StageKey;
import dev.pare.candidate.ThirdObjective;
import dev.pare.folder.SweepFolder;
import dev.pare.ledger.RunningLedger;
import dev.pare.plan.StageTree;
import dev.pare.report.FrontierReport;
import dev.pare.result.Score;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningPageTest {
  private static final Instant NOW = Instant.parse("2026-11-21T03:04:05.678Z");
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final List<Candidate> candidates =
      List.of(candidate(0.9, 2), candidate(0.8, 2), candidate(0.5, 2));
  private final Map<Candidate, StageKey> keys = StageTree.of(ROOT, candidates).keys();
  @TempDir private Path folder;
  private RunningLedger ledger;
  private RunningPage page;

  static RunningPage page(SweepFolder folder, RunningLedger ledger, long startNanos) {
    return new RunningPage(
        folder,
        "sample",
        "sweep { name = sample }",
        ThirdObjective.NONE,
        new FrontierReport.Teacher(1000, new Score(90, 100), null, 0.9, null, null, null, null),
        ledger,
        startNanos);
  }

  @BeforeEach
  void open() {
    Configuration hadoop = new Configuration();
    ledger = new RunningLedger(folder.resolve("ledger").toString(), hadoop);
    ledger.expect(keys.values());
    page = page(new SweepFolder(folder.toString(), hadoop), ledger, 0);
  }

  private void measured(int number, long bytes) {
    Candidate candidate = candidates.get(number);
    ledger.add(
        candidate,
        new Outcome.Measured(
            keys.get(candidate), measurement(bytes), Map.of(), provenance("0@here")));
  }

  /** How many candidates the page has, after it was asked for at some second. */
  private int shown(long second) throws IOException {
    page.write(second * SECOND, NOW);
    Path file = folder.resolve("report.html");
    if (!Files.exists(file)) {
      return 0;
    }
    return Files.readString(file).split("\"validation\":", -1).length - 2;
  }

  @Test
  void itIsWrittenAtMostEveryHalfMinuteAndOnlyIfThereIsNews() throws IOException {
    measured(1, 200);
    assertThat(shown(29)).isZero();
    assertThat(shown(30)).isEqualTo(1);
    measured(0, 100);
    assertThat(shown(59)).isEqualTo(1);
    // However slow the machine was with the first one.
    assertThat(shown(1000)).isEqualTo(2);

    Files.delete(folder.resolve("report.html"));
    assertThat(shown(2000)).isZero();
    measured(2, 300);
    assertThat(shown(3000)).isEqualTo(3);
  }

  @Test
  void itTellsThatTheSweepRunsAndOfNoTest() throws IOException {
    measured(0, 100);
    measured(1, 200);
    shown(60);
    String text = Files.readString(folder.resolve("report.html"));
    assertThat(text)
        .contains("\"asOf\":\"2026-11-21T03:04:05.678Z\"", "\"stopped\":false", "\"tried\":2")
        .doesNotContain("\"test\":");
    // Both are as good: the smaller one is the frontier.
    assertThat(text.split("\"file\":", -1)).hasSize(2);
    assertThat(text)
        .contains(SweepFolder.bestName(candidates.get(0).label(), keys.get(candidates.get(0))));
  }

  @Test
  void aRunThatStopsSaysSo() throws IOException {
    measured(0, 100);
    page.stop(NOW);
    // Of an earlier run there may be a page, which stays.
    assertThat(folder.resolve("report.html")).doesNotExist();
    shown(60);
    page = page(new SweepFolder(folder.toString(), new Configuration()), ledger, 0);
    shown(60);
    measured(1, 200);
    page.end();
    page.stop(NOW.plusSeconds(1));
    String text = Files.readString(folder.resolve("report.html"));
    assertThat(text)
        .contains("\"asOf\":\"2026-11-21T03:04:06.678Z\"", "\"stopped\":true", "\"tried\":2");
  }

  @Test
  void whereThereIsThePageOfTheEndNothingIsSaidOfStopping() throws IOException {
    measured(0, 100);
    shown(60);
    Files.writeString(folder.resolve("report.html"), "the last one");
    page.replaced();
    page.stop(NOW);
    assertThat(folder.resolve("report.html")).hasContent("the last one");
  }

  @Test
  void afterTheEndItLeavesThePageAlone() throws IOException {
    Files.writeString(folder.resolve("report.html"), "the last one");
    measured(0, 100);
    page.end();
    page.write(1000 * SECOND, NOW);
    assertThat(folder.resolve("report.html")).hasContent("the last one");
  }

  @Test
  void entriesAreInTheOrderOfAsking() {
    measured(2, 300);
    measured(0, 100);
    assertThat(ledger.entries())
        .extracting(entry -> entry.outcome().key())
        .containsExactly(keys.get(candidates.get(0)), keys.get(candidates.get(2)));
  }
}
