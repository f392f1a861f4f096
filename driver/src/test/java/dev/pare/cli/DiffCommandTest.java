package dev.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.artifact.SizeBreakdown;
import dev.pare.candidate.Correctness;
import dev.pare.candidate.Evaluation;
import dev.pare.candidate.FileSummary;
import dev.pare.candidate.Operations;
import dev.pare.candidate.OriginBytes;
import dev.pare.candidate.StageKey;
import dev.pare.folder.SweepFolder;
import dev.pare.frontier.FrontierSnapshot;
import dev.pare.history.RunHistory;
import dev.pare.history.RunTime;
import dev.pare.report.FrontierFiles;
import dev.pare.report.FrontierReport;
import dev.pare.report.FrontierRow;
import dev.pare.result.Score;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiffCommandTest {
  private static final int EXAMPLES = 1000;

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  /** A run whose one file gets so many validation examples wrong. */
  private String add(String sweep, String moment, char name, int wrong) throws IOException {
    return add(sweep, moment, name, wrong, 4880);
  }

  private String add(String sweep, String moment, char name, int wrong, long bytes)
      throws IOException {
    String results = folder.resolve(sweep).toString();
    BitSet right = new BitSet();
    right.set(wrong, EXAMPLES);
    Correctness validation = Correctness.of(right, EXAMPLES);
    StageKey key = new StageKey(String.valueOf(name).repeat(64));
    Map<String, String> point = Map.of("bits", "2", "sparsity", "0.9");
    SweepFolder sweepFolder = new SweepFolder(results, new Configuration());
    FrontierReport report =
        new FrontierReport(
            sweep,
            new FrontierReport.Teacher(1000, new Score(990, EXAMPLES), new Score(98, 100)),
            List.of(
                new FrontierRow(
                    point,
                    key,
                    "best/a.pare",
                    new FileSummary(
                        new SizeBreakdown(bytes, 0, 0, 0, 0),
                        OriginBytes.UNKNOWN,
                        null,
                        1000,
                        100,
                        Operations.UNKNOWN),
                    Score.of(Evaluation.of(validation)),
                    new Score(97, 100),
                    null)));
    FrontierFiles.write(sweepFolder, report);
    new RunHistory(sweepFolder)
        .add(
            new RunTime(Instant.parse(moment)),
            report,
            new FrontierSnapshot(
                new StageKey("0".repeat(64)),
                List.of(new FrontierSnapshot.Point(key, point, bytes, validation))));
    return results;
  }

  @Test
  void twoRunsAreComparedOnTheirExamples() throws IOException {
    add("lenet", "2026-11-20T03:00:00Z", 'a', 30);
    String results = add("lenet", "2026-11-21T03:00:00Z", 'b', 50);

    assertThat(run("diff", results)).isZero();

    assertThat(out.toString().replace(System.lineSeparator(), "\n"))
        .isEqualTo(
            """
            lenet: run of 2026-11-21 03:00:00 UTC against 2026-11-20 03:00:00 UTC
            on the same validation examples, compared one by one

             within  error before  error after  change       p         file now
            4.88 KB          3.00         5.00   +2.00  <0.001  worse  bits=2 sparsity=0.9

            0 better, 1 worse, 0 the same within chance; 0 gained, 0 lost
            """);
  }

  @Test
  void aSchedulerIsToldOfARegressionAlone() throws IOException {
    String worse = add("worse", "2026-11-20T03:00:00Z", 'a', 30);
    add("worse", "2026-11-21T03:00:00Z", 'b', 50);
    String better = add("better", "2026-11-20T03:00:00Z", 'a', 50);
    add("better", "2026-11-21T03:00:00Z", 'b', 30);
    String same = add("same", "2026-11-20T03:00:00Z", 'a', 50);
    add("same", "2026-11-21T03:00:00Z", 'b', 53);

    assertThat(run("diff", worse, "--fail-if-worse")).isEqualTo(3);
    assertThat(run("diff", better, "--fail-if-worse")).isZero();
    assertThat(run("diff", same, "--fail-if-worse")).isZero();
    assertThat(out.toString()).contains("1 better, 0 worse", "0 better, 0 worse, 1 the same");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void anotherDateOrAnotherSweepCanBeComparedWith() throws IOException {
    add("lenet", "2026-11-18T03:00:00Z", 'a', 30);
    add("lenet", "2026-11-20T03:00:00Z", 'b', 50);
    String results = add("lenet", "2026-11-21T03:00:00Z", 'c', 50);
    String baseline = add("baseline", "2026-12-01T03:00:00Z", 'd', 90);

    assertThat(run("diff", results, "--against", "2026-11-19", "--fail-if-worse")).isEqualTo(3);
    assertThat(out.toString()).contains("against 2026-11-18 03:00:00 UTC");
    assertThat(run("diff", results, "--against", "2026-11-21")).isZero();
    assertThat(out.toString()).contains("against 2026-11-20 03:00:00 UTC");
    assertThat(run("diff", results, "--against", baseline)).isZero();
    assertThat(out.toString()).contains("against 2026-12-01 03:00:00 UTC", "1 better");
  }

  @Test
  void howCloseSizesMustBeIsForTheUserToSay() throws IOException {
    String results = add("small", "2026-11-20T03:00:00Z", 'a', 30, 4880);
    add("small", "2026-11-21T03:00:00Z", 'b', 30, 4970);

    assertThat(run("diff", results, "--fail-if-worse")).isEqualTo(3);
    assertThat(out.toString()).contains("lost");
    assertThat(run("diff", results, "--fail-if-worse", "--slack", "2")).isZero();
    for (String bad : new String[] {"-1", "100", "NaN", "much"}) {
      assertThat(run("diff", results, "--slack", bad)).as(bad).isEqualTo(2);
    }
  }

  @Test
  void theFirstRunHasMadeNothingWorse() throws IOException {
    String results = add("lenet", "2026-11-21T03:00:00Z", 'a', 30);

    assertThat(run("diff", results, "--fail-if-worse")).isZero();
    assertThat(out.toString()).contains("the run of 2026-11-21 03:00:00 UTC is the only one");
  }

  /** As where the driver died before it kept the run, or what was kept of it is gone. */
  @Test
  void aRunThatIsNotKeptIsNotTakenForTheOneBefore() throws IOException {
    add("lenet", "2026-11-19T03:00:00Z", 'a', 50);
    add("lenet", "2026-11-20T03:00:00Z", 'b', 50);
    String results = add("lenet", "2026-11-21T03:00:00Z", 'c', 90);
    Path lost = folder.resolve("lenet/history/2026-11-21T030000.000Z/validation.json");
    String other = add("other", "2026-11-21T03:00:00Z", 'd', 50);
    assertThat(run("diff", results, "--fail-if-worse")).isEqualTo(3);

    Files.delete(lost);
    assertThat(run("diff", results, "--fail-if-worse")).isEqualTo(1);
    assertThat(run("diff", results, "--against", "2026-11-19")).isEqualTo(1);
    assertThat(run("diff", other, "--against", results)).isEqualTo(1);
    Files.delete(folder.resolve("lenet/history/2026-11-19T030000.000Z/validation.json"));
    assertThat(run("diff", results)).isEqualTo(1);
    assertThat(err.toString().lines())
        .hasSize(4)
        .allSatisfy(
            line ->
                assertThat(line)
                    .contains("lenet/history: the last run that is kept, of 2026-11-20 03:00:00"));
  }

  @Test
  void whatIsNotKeptFailsInOneLine() throws IOException {
    String results = add("lenet", "2026-11-21T03:00:00Z", 'a', 30);

    assertThat(run("diff", folder.toString())).isEqualTo(1);
    assertThat(run("diff", results, "--against", "2026-11-20")).isEqualTo(1);
    assertThat(run("diff", results, "--against", "yesterday")).isEqualTo(1);

    assertThat(err.toString().lines())
        .hasSize(3)
        .allSatisfy(line -> assertThat(line).startsWith("pare: ").doesNotContain("Exception"));
    assertThat(err.toString()).contains("no run is kept here", "no run of 2026-11-20", "yesterday");
  }
}
