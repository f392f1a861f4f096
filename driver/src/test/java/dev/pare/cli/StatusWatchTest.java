package dev.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pare.folder.SweepFolder;
import dev.pare.status.StatusFile;
import dev.pare.status.SweepStatus;
import dev.pare.status.SweepStatus.State;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusWatchTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter terminal = new StringWriter();
  private final Time time = new Time();
  @TempDir private Path folder;

  /** Passes when somebody sleeps. */
  private static final class Time implements StatusWatch.Clock {
    private long millis = 5_000_000;
    private int sleeps;

    @Override
    public long millis() {
      return millis;
    }

    @Override
    public void sleep(long period) {
      millis += period;
      sleeps++;
    }
  }

  /** One after the other, the last one for ever; null for a file that cannot be read. */
  private static StatusWatch.Source source(SweepStatus... statuses) {
    Deque<List<SweepStatus>> left = new ArrayDeque<>();
    for (SweepStatus status : statuses) {
      left.add(status == null ? List.of() : List.of(status));
    }
    return () -> {
      List<SweepStatus> next = left.size() > 1 ? left.remove() : left.element();
      if (next.isEmpty()) {
        throw new IOException("gone");
      }
      return next.get(0);
    };
  }

  private static SweepStatus status(State state, int done, long updatedMillis) {
    return new SweepStatus(
        "lenet",
        state,
        "",
        4,
        null,
        done,
        0,
        8,
        2 * done,
        done,
        1.5 * done,
        Map.of(),
        null,
        updatedMillis - 60_000,
        updatedMillis);
  }

  private int watch(StatusWatch.Style style, long period, SweepStatus... statuses)
      throws Exception {
    return new StatusWatch(
            source(statuses),
            time,
            new PrintWriter(out, true),
            new PrintWriter(terminal, true),
            style)
        .watch(period);
  }

  @Test
  void whatIsNewIsALine() throws Exception {
    int code =
        watch(
            StatusWatch.Style.LINES,
            2000,
            status(State.RUNNING, 1, 1000),
            status(State.RUNNING, 1, 3000),
            status(State.RUNNING, 2, 5000),
            status(State.RUNNING, 2, 7000),
            status(State.DONE, 4, 9000));

    assertThat(code).isZero();
    assertThat(time.sleeps).isEqualTo(4);
    assertThat(terminal.toString()).isEmpty();
    assertThat(out.toString())
        .startsWith(
            """
            lenet: running [1/4] frontier 1 file, hypervolume 1.500
            lenet: running [2/4] frontier 2 files, hypervolume 3.000
            lenet: done [4/4] frontier 4 files, hypervolume 6.000
            lenet: done
              candidates  4 of 4 done, 0 failed
            """);
  }

  @Test
  void aTerminalIsDrawnInPlaceAndLeftClean() throws Exception {
    watch(
        StatusWatch.Style.LIVE, 2000, status(State.RUNNING, 1, 1000), status(State.DONE, 4, 3000));

    // Six lines: the name, candidates, stages, frontier, time, last sign.
    String away = "\u001b[6A\r\u001b[J";
    String[] drawings = terminal.toString().split(java.util.regex.Pattern.quote(away), -1);
    assertThat(drawings).hasSize(3);
    assertThat(drawings[0]).startsWith("lenet: ").contains("1 of 4 done").hasLineCount(6);
    assertThat(drawings[1]).startsWith("lenet: done\n").contains("4 of 4 done");
    assertThat(drawings[2]).isEmpty();
    assertThat(out.toString()).startsWith("lenet: done\n").hasLineCount(6);
  }

  @ParameterizedTest
  @CsvSource({"DONE, 0", "FAILED, 1", "INTERRUPTED, 130"})
  void theExitCodeIsThatOfTheSweep(State state, int code) throws Exception {
    assertThat(watch(StatusWatch.Style.LINES, 1000, status(state, 4, 1000))).isEqualTo(code);
    assertThat(time.sleeps).isZero();
  }

  @Test
  void aDriverThatGivesNoSignIsGivenUp() throws Exception {
    assertThat(watch(StatusWatch.Style.LINES, 3000, status(State.RUNNING, 1, 1000))).isEqualTo(1);
    // The first time that more than 20 s have passed.
    assertThat(time.sleeps).isEqualTo(7);
    assertThat(out.toString()).contains("lenet: silent; its driver seems dead");
  }

  @Test
  void aClockThatIsWrongElsewhereMakesNobodySilent() throws Exception {
    // Its hour is ours of long ago, but it goes on.
    SweepStatus[] signs = new SweepStatus[40];
    for (int i = 0; i < signs.length; i++) {
      signs[i] = status(i < signs.length - 1 ? State.RUNNING : State.DONE, 1, 1000L * i);
    }
    assertThat(watch(StatusWatch.Style.LIVE, 1000, signs)).isZero();
    assertThat(time.sleeps).isEqualTo(39);
    assertThat(terminal.toString().split("silent", -1)).hasSize(2);
    assertThat(out.toString()).contains("last sign   0 s ago");
  }

  @Test
  void aFileThatCannotBeReadForAMomentIsReadAgain() throws Exception {
    assertThat(
            watch(
                StatusWatch.Style.LINES,
                2000,
                status(State.RUNNING, 1, 1000),
                null,
                null,
                status(State.DONE, 4, 7000)))
        .isZero();
    assertThatThrownBy(
            () -> watch(StatusWatch.Style.LINES, 2000, status(State.RUNNING, 1, 1000), null))
        .isInstanceOf(IOException.class)
        .hasMessage("gone");
    assertThatThrownBy(() -> watch(StatusWatch.Style.LINES, 2000, (SweepStatus) null))
        .hasMessage("gone");
  }

  private int run(String... args) {
    PrintWriter printed = new PrintWriter(out, true);
    return Main.run(printed, printed, args);
  }

  @Test
  void theCommandWatchesAFolder() throws Exception {
    SweepFolder results = new SweepFolder(folder.toString(), new Configuration());
    StatusFile.write(
        results,
        status(State.INTERRUPTED, 2, System.currentTimeMillis()),
        results.writeConfiguration("own"));

    assertThat(run("status", folder.toString(), "--watch")).isEqualTo(130);
    assertThat(out.toString())
        .startsWith("lenet: interrupted [2/4] ")
        .contains("lenet: interrupted; the same command goes on from here\n");
    assertThat(run("status", "--watch=0.5", folder.toString())).isEqualTo(130);
    assertThat(run("status", folder.toString(), "--watch", "5")).isEqualTo(130);
    assertThat(run("status", folder.toString())).isZero();
    assertThat(run("status", folder.toString(), "--watch=0")).isEqualTo(2);
    assertThat(out.toString())
        .contains("--watch=0.0: must be 0.1 to 3600 seconds")
        .doesNotContain("warning");

    Files.delete(folder.resolve("sweep.conf"));
    assertThat(run("status", folder.toString())).isZero();
    assertThat(out.toString())
        .contains(
            "status.json: it is not known whether it is of the sweep with these results: there is"
                + " no sweep.conf beside it\n");
    results.writeConfiguration("of another sweep");
    for (String watch : List.of("", "--watch")) {
      out.getBuffer().setLength(0);
      assertThat(run(("status " + folder + " " + watch).strip().split(" "))).isEqualTo(1);
      assertThat(out.toString())
          .startsWith("pare: ")
          .contains("status.json: is of another sweep")
          .hasLineCount(1);
    }
  }
}
