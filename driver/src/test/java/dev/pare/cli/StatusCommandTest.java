package dev.pare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pare.status.SweepStatus;
import dev.pare.status.SweepStatus.State;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatusCommandTest {
  private static final long START = 1_000_000;

  private static SweepStatus status(State state, @Nullable Double left) {
    return status(state, null, left);
  }

  private static SweepStatus status(State state, @Nullable Integer atMost, @Nullable Double left) {
    return new SweepStatus(
        "lenet",
        state,
        "",
        120,
        atMost,
        37,
        1,
        80,
        40,
        9,
        5.2142,
        Map.of("prune", 7300.0, "encode", 0.0, "quantize", 62.0),
        left,
        START,
        START + 720_000);
  }

  private static String shown(SweepStatus status, long silentSeconds) {
    StringWriter out = new StringWriter();
    StatusCommand.print(
        status, status.updatedMillis() + 1000 * silentSeconds, new PrintWriter(out, true));
    return out.toString();
  }

  @Test
  void aRunningSweepShowsAllThereIsToKnow() {
    assertThat(shown(status(State.RUNNING, 1234.0), 2))
        .isEqualTo(
            """
            lenet: running
              candidates  37 of 120 done, 1 failed
              stages      40 of 80 done
              frontier    9 files, hypervolume 5.214
              time        12 min, about 21 min left
              task time   prune 2 h 02 min, quantize 62 s
              last sign   2 s ago
            """);
  }

  @Test
  void aSearchThatGoesOnSaysWhatItMayComeTo() {
    assertThat(shown(status(State.RUNNING, 200, 1234.0), 2))
        .contains("  candidates  37 of 120 done, 1 failed; the search may ask for 200 in all\n")
        .contains(", about 21 min left\n");
    assertThat(StatusText.line(status(State.RUNNING, 200, 1234.0)))
        .startsWith("[37/120 of at most 200] 1 failed, frontier 9 files")
        .endsWith(", about 21 min left");
  }

  @Test
  void aDriverThatIsSilentSeemsDead() {
    assertThat(shown(status(State.RUNNING, 1234.0), 300))
        .startsWith("lenet: silent; its driver seems dead, the same command goes on from here\n")
        .contains("last sign   5 min ago")
        .doesNotContain("left");
  }

  @Test
  void theEndIsSaidWhateverItWas() {
    assertThat(shown(status(State.DONE, 0.0), 300)).startsWith("lenet: done\n");
    assertThat(shown(status(State.FAILED, 0.0), 300)).startsWith("lenet: failed\n");
    assertThat(shown(status(State.INTERRUPTED, 9.0), 1))
        .startsWith("lenet: interrupted; the same command goes on from here\n");
  }

  @Test
  void aLineHasWhatChanges() {
    assertThat(StatusText.line(status(State.RUNNING, 1234.0)))
        .isEqualTo("[37/120] 1 failed, frontier 9 files, hypervolume 5.214, about 21 min left");
    assertThat(StatusText.line(status(State.RUNNING, null)))
        .isEqualTo("[37/120] 1 failed, frontier 9 files, hypervolume 5.214");
  }

  @Test
  void anInterruptedSweepSaysHowToGoOn() {
    StringWriter out = new StringWriter();
    TerminalProgress.lines(new PrintWriter(out, true)).interrupted();

    assertThat(out)
        .hasToString(
            "pare: interrupted with 0 of 0 candidates done; nothing is lost, the same command goes"
                + " on from here\n");
  }

  @Test
  void aTerminalKeepsItsLastLineBelowWhatEnds() {
    StringWriter out = new StringWriter();
    TerminalProgress progress = TerminalProgress.live(new PrintWriter(out, true));
    progress.status(status(State.RUNNING, null));
    progress.teacher("found in the store");
    progress.status(status(State.DONE, null));

    String live = "[37/120] 1 failed, frontier 9 files, hypervolume 5.214";
    assertThat(out)
        .hasToString(
            "\r\u001b[K" + live + "\r\u001b[Kteacher: found in the store\n" + live + "\r\u001b[K");
  }
}
