package dev.pare.cli;

import dev.pare.candidate.Spelling;
import dev.pare.folder.SweepFolder;
import dev.pare.spec.HadoopSettings;
import dev.pare.status.StatusFile;
import dev.pare.status.SweepStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Where a sweep stands. */
@Command(
    name = "status",
    description = {
      "Shows where a sweep stands, from anywhere that its results can be read.",
      "While it runs, after it was killed, after its end."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  pare status /tmp/pare/quickstart", "  pare status hdfs:///sweeps/lenet"})
final class StatusCommand implements Callable<Integer> {
  /** The driver gives a sign every two seconds; storage and clocks may be a little off. */
  private static final double SILENCE_SECONDS = 20;

  @Parameters(paramLabel = "OUT", description = "The sweep's results: its sweep.out.")
  private String out = "";

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    SweepStatus status = StatusFile.read(new SweepFolder(out, HadoopSettings.load()));
    print(status, System.currentTimeMillis(), command.commandLine().getOut());
    return ExitCodes.DONE;
  }

  static void print(SweepStatus status, long nowMillis, PrintWriter out) {
    double silent = (nowMillis - status.updatedMillis()) / 1e3;
    out.println(status.sweep() + ": " + state(status, silent));
    if (!status.doing().isEmpty()) {
      out.println("  at          " + status.doing());
    }
    if (status.candidates() > 0) {
      out.println(
          "  candidates  %d of %d done, %d failed"
                  .formatted(status.done(), status.candidates(), status.failed())
              + (status.atMost() == null
                  ? ""
                  : "; the search may ask for " + status.atMost() + " in all"));
      out.println("  stages      %d of %d done".formatted(status.stagesDone(), status.stages()));
      out.println("  frontier    " + StatusText.frontier(status));
    }
    double seconds = (status.updatedMillis() - status.startedMillis()) / 1e3;
    Double left = status.secondsLeft();
    out.println(
        "  time        "
            + StatusText.duration(seconds)
            + (left == null || !running(status, silent)
                ? ""
                : ", about " + StatusText.duration(left) + " left"));
    String kinds =
        status.stageSeconds().entrySet().stream()
            .filter(kind -> kind.getValue() > 0)
            .map(kind -> kind.getKey() + " " + StatusText.duration(kind.getValue()))
            .collect(Collectors.joining(", "));
    if (!kinds.isEmpty()) {
      out.println("  task time   " + kinds);
    }
    out.println("  last sign   " + StatusText.duration(silent) + " ago");
  }

  private static boolean running(SweepStatus status, double silent) {
    return status.state() == SweepStatus.State.RUNNING && silent <= SILENCE_SECONDS;
  }

  private static String state(SweepStatus status, double silent) {
    return switch (status.state()) {
      case RUNNING ->
          running(status, silent)
              ? "running"
              : "silent; its driver seems dead, the same command goes on from here";
      case INTERRUPTED -> "interrupted; the same command goes on from here";
      case DONE, FAILED -> Spelling.of(status.state());
    };
  }
}
