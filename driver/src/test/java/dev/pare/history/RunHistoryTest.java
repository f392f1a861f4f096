package dev.pare.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.pare.artifact.SizeBreakdown;
import dev.pare.candidate.Correctness;
import dev.pare.candidate.Evaluation;
import dev.pare.candidate.FileSummary;
import dev.pare.candidate.Operations;
import dev.pare.candidate.OriginBytes;
import dev.pare.candidate.StageKey;
import dev.pare.folder.References;
import dev.pare.folder.SweepFolder;
import dev.pare.frontier.FrontierSnapshot;
import dev.pare.report.FrontierFiles;
import dev.pare.report.FrontierReport;
import dev.pare.report.FrontierRow;
import dev.pare.result.Score;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunHistoryTest {
  private static final StageKey KEY = new StageKey("a".repeat(64));
  private static final Correctness RIGHT = Correctness.of(BitSet.valueOf(new long[] {0x7F3}), 12);
  private static final FrontierSnapshot SNAPSHOT =
      new FrontierSnapshot(
          new StageKey("b".repeat(64)),
          List.of(new FrontierSnapshot.Point(KEY, Map.of("bits", "2"), 300, RIGHT)));
  private static final FrontierReport REPORT =
      new FrontierReport(
          "sample",
          new FrontierReport.Teacher(1000, new Score(11, 12), new Score(98, 100)),
          List.of(
              new FrontierRow(
                  Map.of("bits", "2"),
                  KEY,
                  "best/a.pare",
                  new FileSummary(
                      new SizeBreakdown(300, 0, 0, 0, 0),
                      OriginBytes.UNKNOWN,
                      null,
                      1000,
                      100,
                      Operations.UNKNOWN),
                  Score.of(Evaluation.of(RIGHT)),
                  new Score(97, 100),
                  null)));

  @TempDir private Path folder;

  private RunHistory history;

  @BeforeEach
  void open() {
    history = new RunHistory(new SweepFolder(folder.toUri().toString(), new Configuration()));
  }

  private static RunTime at(String moment) {
    return new RunTime(Instant.parse(moment));
  }

  private Run add(String moment) throws IOException {
    return history.add(at(moment), REPORT, SNAPSHOT);
  }

  @Test
  void aSweepThatNeverRanHasNoHistory() throws IOException {
    assertThat(history.times()).isEmpty();
    assertThat(history.latest()).isEmpty();
  }

  @Test
  void aRunReadsBackToTheSame() throws IOException {
    Run run = add("2026-11-22T02:50:48.123Z");

    assertThat(history.read(run.time()))
        .isEqualTo(run)
        .isEqualTo(new Run(run.time(), REPORT, SNAPSHOT));
    assertThat(folder.resolve("history/2026-11-22T025048.123Z"))
        .isDirectoryContaining("glob:**/frontier.json")
        .isDirectoryContaining("glob:**/validation.json");
    assertThat(run.time()).hasToString("2026-11-22 02:50:48 UTC");
  }

  /** Both may be valid by themselves; what earlier versions kept is read as it is. */
  @Test
  void aFrontierThatWasChangedIsRefused() throws IOException {
    RunTime time = add("2026-11-22T02:50:48.123Z").time();
    Path run = folder.resolve("history/2026-11-22T025048.123Z");
    Path frontier = run.resolve("frontier.json");
    Files.writeString(frontier, Files.readString(frontier).replace(" : 300", " : 290"));
    assertThatIOException()
        .isThrownBy(() -> history.read(time))
        .withMessageContaining("validation.json")
        .withMessageContaining("but the one beside it has")
        .withMessageEndingWith("one of both was changed");
    Path validation = run.resolve("validation.json");
    Files.writeString(
        validation,
        Files.readString(validation).replaceFirst(" *\"frontier_sha256\" : \"[0-9a-f]*\",", ""));
    assertThat(history.read(time).report().rows().get(0).bytes()).isEqualTo(290);
  }

  @Test
  void whatTheSweepHasNotNotedIsNoneOfItsRuns() throws IOException {
    SweepFolder sweep = new SweepFolder(folder.toUri().toString(), new Configuration());
    SweepFolder other =
        new SweepFolder(folder.resolve("other").toUri().toString(), new Configuration());
    Run early = add("2026-11-19T00:00:00Z");
    sweep.writeReferences(new References(Optional.of("c"), Map.of(), Set.of(KEY)));
    assertThat(history.read(early.time())).isEqualTo(early);
    Run first = add("2026-11-20T00:00:00Z");
    FrontierFiles.write(sweep, REPORT);
    assertThat(history.current()).isEqualTo(first);
    assertThat(history.read(early.time())).isEqualTo(early);
    new RunHistory(other).add(at("2026-11-18T00:00:00Z"), REPORT, SNAPSHOT);
    Files.move(
        folder.resolve("other/history/2026-11-18T000000.000Z"),
        folder.resolve("history/2026-11-18T000000.000Z"));

    for (int i = 0; i < 2; i++) {
      assertThatIOException()
          .isThrownBy(() -> history.read(at("2026-11-18T00:00:00Z")))
          .withMessageContaining("2026-11-18T000000.000Z: is none of the sweep's runs in")
          .withMessageContaining("references.txt");
      assertThat(history.read(first.time())).isEqualTo(first);
      // Nor does it become one with the next run.
      add("2026-11-2" + (1 + i) + "T00:00:00Z");
    }
    history.keepLatest(1);
    add("2026-11-24T00:00:00Z");
    assertThat(References.of(sweep).orElseThrow().runs())
        .containsOnlyKeys("2026-11-22T000000.000Z", "2026-11-24T000000.000Z");
  }

  @Test
  void theRunThatLeftTheFrontierIsTheOneThatIsMeant() throws IOException {
    SweepFolder sweep = new SweepFolder(folder.toUri().toString(), new Configuration());
    Run run = add("2026-11-20T00:00:00Z");
    assertThatIOException()
        .isThrownBy(() -> history.current())
        .withMessageContaining("frontier.json: there is no such file");
    FrontierFiles.write(sweep, REPORT.withRows(List.of()));
    assertThatIOException()
        .isThrownBy(() -> history.current())
        .withMessageContaining(
            "the last run that is kept, of 2026-11-20 00:00:00 UTC, is not the one that left"
                + " frontier.json");
    FrontierFiles.write(sweep, REPORT);
    assertThat(history.current()).isEqualTo(run);
  }

  @Test
  void runsAreFoundByTime() throws IOException {
    add("2026-11-20T03:00:00.500Z");
    add("2026-11-20T23:59:59.999Z");
    add("2026-11-22T00:00:00Z");
    Files.createDirectories(folder.resolve("history/notes"));

    assertThat(history.times())
        .containsExactly(
            at("2026-11-20T03:00:00.500Z"),
            at("2026-11-20T23:59:59.999Z"),
            at("2026-11-22T00:00:00Z"));
    assertThat(history.latest()).contains(at("2026-11-22T00:00:00Z"));
    for (String text : List.of("2026-11-20", "2026-11-21", "2026-11-21T12:00:00Z")) {
      assertThat(history.atOrBefore(RunTime.atLatest(text).orElseThrow()))
          .as(text)
          .contains(at("2026-11-20T23:59:59.999Z"));
    }
    for (String text : List.of("2026-11-20T03:00:00Z", "2026-11-20T030000.500Z")) {
      assertThat(history.atOrBefore(RunTime.atLatest(text).orElseThrow()))
          .as(text)
          .contains(at("2026-11-20T03:00:00.500Z"));
    }
    assertThat(history.atOrBefore(RunTime.atLatest("2026-11-19").orElseThrow())).isEmpty();
    assertThat(RunTime.atLatest("2026-13-01")).isEmpty();
    assertThat(RunTime.atLatest("hdfs:///sweeps/lenet")).isEmpty();
  }

  @Test
  void runsOfOneMomentAreKeptApart() throws IOException {
    add("2026-11-22T00:00:00Z");

    assertThat(add("2026-11-22T00:00:00Z").time()).isEqualTo(at("2026-11-22T00:00:00.001Z"));
    assertThat(history.times()).hasSize(2);
  }

  @Test
  void aRunDatedInTheFutureDoesNotHideTheOneThatEndsNow() throws IOException {
    add("2099-01-01T00:00:00Z");

    Run now = add("2026-11-22T00:00:00Z");

    assertThat(history.latest()).contains(now.time());
    history.keepLatest(1);
    assertThat(history.times()).containsExactly(now.time());
    assertThat(history.read(now.time())).isEqualTo(now);
  }

  @Test
  void theOldestGoFirst() throws IOException {
    for (int day = 10; day < 15; day++) {
      add("2026-11-" + day + "T00:00:00Z");
    }

    history.keepLatest(7);
    assertThat(history.times()).hasSize(5);
    history.keepLatest(2);
    assertThat(history.times())
        .containsExactly(at("2026-11-13T00:00:00Z"), at("2026-11-14T00:00:00Z"));
  }

  @Test
  void aRunWhoseDriverDiedCountsForNothing() throws IOException {
    FrontierFiles.write(
        new SweepFolder(
            folder.resolve("history/2026-11-12T000000.000Z").toUri().toString(),
            new Configuration()),
        REPORT);
    add("2026-11-10T00:00:00Z");
    add("2026-11-14T00:00:00Z");

    assertThat(history.times())
        .containsExactly(at("2026-11-10T00:00:00Z"), at("2026-11-14T00:00:00Z"));
    assertThat(history.atOrBefore(at("2026-11-13T00:00:00Z"))).contains(at("2026-11-10T00:00:00Z"));
    history.keepLatest(2);
    assertThat(folder.resolve("history/2026-11-12T000000.000Z")).exists();
    history.keepLatest(1);
    assertThat(folder.resolve("history"))
        .isDirectoryContaining("glob:**/2026-11-14*")
        .isDirectoryNotContaining("glob:**/2026-11-1[02]*");
  }

  @Test
  void aBrokenFileIsNamed() throws IOException {
    Run run = add("2026-11-22T00:00:00Z");
    Path file = folder.resolve("history").resolve(run.time().name()).resolve("validation.json");
    String json = Files.readString(file);

    for (String bad :
        List.of(
            "",
            "[",
            "[]",
            "{}",
            json.replace("examples", "exmples"),
            json.replace(KEY.hex(), "c".repeat(64)),
            json.replace("\"f307\"", "\"f3\""),
            json.replace("\"f307\"", "\"f30f\""),
            json.replace("\"f307\"", "\"f3zz\""),
            json.replace("\"f307\"", "7"),
            json.replace("b".repeat(64), "b"))) {
      Files.writeString(file, bad);
      assertThatIOException()
          .as(bad)
          .isThrownBy(() -> history.read(run.time()))
          .withMessageContaining("validation.json: ");
    }
    Files.delete(file);
    assertThatIOException()
        .isThrownBy(() -> history.read(run.time()))
        .withMessageContaining("validation.json: there is no such file");
  }
}
