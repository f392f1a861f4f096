package dev.pare.cli;

import dev.pare.candidate.Credentials;
import dev.pare.candidate.Spelling;
import dev.pare.folder.SweepFolder;
import dev.pare.spec.HadoopSettings;
import dev.pare.status.StatusFile;
import dev.pare.status.SweepStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Where a sweep stands. */
@Command(
    name = "status",
    description = {
      "Shows where a sweep stands, from anywhere that its results can be read.",
      "While it runs, after it was killed, after its end.",
      "With --watch until it ends: then the exit code tells how, as that of pare sweep does. It is 1,"
          + " too, if the driver gives no sign for 20 s."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  pare status /tmp/pare/quickstart",
      "  pare status hdfs:///sweeps/lenet --watch",
      "  pare status hdfs:///sweeps/lenet --watch=60 >> sweep.log"
    })
final class StatusCommand implements Callable<Integer> {
  /** The driver gives a sign every two seconds; storage and clocks may be a little off. */
  static final int SILENCE_SECONDS = 20;

  private static final double LEAST_PERIOD = 0.1;

  private static final double MOST_PERIOD = 3600;

  @Parameters(paramLabel = "OUT", description = "The sweep's results: its sweep.out.")
  private String out = "";

  @Option(
      names = "--watch",
      arity = "0..1",
      paramLabel = "SECONDS",
      fallbackValue = "2",
      description =
          "Show it again every so many seconds (2) until the sweep ends: in place on a terminal, else"
              + " a line each time something has changed.")
  private @Nullable Double period;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException, InterruptedException {
    SweepFolder folder = new SweepFolder(out, HadoopSettings.load());
    PrintWriter terminal = command.commandLine().getOut();
    if (period != null && !(period >= LEAST_PERIOD && period <= MOST_PERIOD)) {
      throw new ParameterException(
          command.commandLine(), "--watch=" + period + ": must be 0.1 to 3600 seconds");
    }
    StatusFile.Found found = StatusFile.find(folder);
    found
        .doubt()
        .ifPresent(
            doubt ->
                command
                    .commandLine()
                    .getErr()
                    .println(
                        "pare: warning: %s: it is not known whether it is of the sweep with these results: %s"
                            .formatted(
                                Credentials.inMessage(folder.path(SweepFolder.STATUS).toString()),
                                doubt)));
    if (period == null) {
      print(found.status(), System.currentTimeMillis(), terminal);
      return ExitCodes.DONE;
    }
    return new StatusWatch(
            () -> StatusFile.read(folder),
            StatusWatch.Clock.SYSTEM,
            terminal,
            command.commandLine().getErr(),
            TerminalProgress.isTerminal() ? StatusWatch.Style.LIVE : StatusWatch.Style.LINES)
        .watch(Math.round(1000 * period));
  }

  /** What changes, in a line. */
  static String line(SweepStatus status) {
    String at = status.doing().isEmpty() ? "" : ": " + status.doing();
    return status.sweep()
        + ": "
        + Spelling.of(status.state())
        + at
        + (status.candidates() == 0 ? "" : " " + StatusText.line(status));
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
