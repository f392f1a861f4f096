package dev.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.artifact.SizeBreakdown;
import dev.pare.candidate.FileSummary;
import dev.pare.candidate.Operations;
import dev.pare.candidate.OriginBytes;
import dev.pare.candidate.StageKey;
import dev.pare.folder.SweepFolder;
import dev.pare.report.FrontierFiles;
import dev.pare.report.FrontierReport;
import dev.pare.report.FrontierRow;
import dev.pare.result.Score;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** Pipes that nobody writes to, and devices without an end, where files should be. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class PipesTest {
  private static final String REFUSED = ": is a pipe or a device, not a file";

  @TempDir private Path folder;

  private String errorsOf(String... args) {
    StringWriter err = new StringWriter();
    int code = Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err, true), args);
    assertThat(code).as("exit code: %s", err).isEqualTo(1);
    return err.toString().strip();
  }

  private static String pipe(Path path) throws IOException, InterruptedException {
    Files.createDirectories(path.getParent());
    assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
    return path.toString();
  }

  @Test
  void amongResultsAreRefused() throws IOException, InterruptedException {
    FrontierRow row =
        new FrontierRow(
            Map.of("bits", "2"),
            new StageKey("a".repeat(64)),
            "best/a.pare",
            new FileSummary(
                new SizeBreakdown(500, 0, 0, 0, 0),
                OriginBytes.UNKNOWN,
                "a".repeat(64),
                1000,
                100,
                Operations.UNKNOWN),
            new Score(95, 100),
            new Score(95, 100),
            null);
    Score score = new Score(98, 100);
    FrontierFiles.write(
        new SweepFolder(folder.toString(), new Configuration()),
        new FrontierReport("sample", new FrontierReport.Teacher(1000, score, score), List.of(row)));
    String best = pipe(folder.resolve("best/a.pare"));
    Path teacher = folder.resolve("teacher.pare");
    Files.createSymbolicLink(teacher, Path.of("/dev/zero"));

    assertThat(errorsOf("inspect", best)).isEqualTo("pare: " + best + REFUSED);
    assertThat(errorsOf("export", best, "--onnx", folder + "/a.onnx"))
        .isEqualTo("pare: " + best + REFUSED);
    assertThat(errorsOf("latency", folder.toString())).isEqualTo("pare: " + teacher + REFUSED);
  }

  @Test
  void thatArgumentsNameAreRefused() throws IOException, InterruptedException {
    String pipe = pipe(folder.resolve("a.pare"));

    assertThat(errorsOf("inspect", pipe)).isEqualTo("pare: " + pipe + REFUSED);
    assertThat(errorsOf("patch", "/dev/zero", pipe, "--out", folder + "/b.pare"))
        .isEqualTo("pare: /dev/zero" + REFUSED);
  }

  @Test
  void asConfigurationsAreRefused() throws IOException, InterruptedException {
    String conf = Path.of(pipe(folder.resolve("a.conf"))).toUri().toString();
    StringWriter err = new StringWriter();
    PrintWriter nowhere = new PrintWriter(new StringWriter());

    assertThat(Main.run(nowhere, new PrintWriter(err, true), "plan", conf)).isEqualTo(2);
    assertThat(err.toString()).contains(conf + ": cannot be read" + REFUSED);
  }
}
