package dev.pare.cli;

import dev.pare.folder.SweepFolder;
import dev.pare.frontier.FrontierChange;
import dev.pare.history.ChangeTable;
import dev.pare.history.Run;
import dev.pare.history.RunHistory;
import dev.pare.history.RunTime;
import dev.pare.spec.HadoopSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** What a frontier gained or lost. */
@Command(
    name = "diff",
    description = {
      "Says what a sweep's frontier gained or lost since an earlier run, budget by budget.",
      "Files are compared on the validation examples: errors by McNemar's exact test if both runs"
          + " had the same ones, else by Fisher's; other metrics by their intervals. A difference"
          + " counts if chance makes one as large in less than 5%% of all frontiers (Holm's"
          + " correction)."
    },
    exitCodeList = {
      "0:done",
      "1:the run failed",
      "2:the command line or the configuration cannot be used",
      "3:the frontier is worse than before, and --fail-if-worse was asked for"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  pare diff /tmp/pare/quickstart",
      "  pare diff hdfs:///sweeps/lenet --against 2026-11-21 --fail-if-worse",
      "  pare diff hdfs:///sweeps/lenet --against hdfs:///sweeps/lenet-baseline"
    })
final class DiffCommand implements Callable<Integer> {
  @Parameters(paramLabel = "OUT", description = "The sweep's results: its sweep.out.")
  private String out = "";

  @Option(
      names = "--against",
      paramLabel = "DATE|OUT",
      description =
          "An earlier run, the last one that ended by a date (2026-11-21) or moment"
              + " (2026-11-21T03:00:00Z) in UTC, or the last run of another sweep; the run before"
              + " the last unless given.")
  private @Nullable String against;

  @Option(
      names = "--slack",
      paramLabel = "PERCENT",
      converter = PercentConverter.class,
      defaultValue = "1",
      description =
          "Sizes that differ by no more than so many percent count as one (default:"
              + " ${DEFAULT-VALUE}).")
  private double slack;

  @Option(names = "--fail-if-worse", description = "Exit with 3 if any budget is worse or lost.")
  private boolean failIfWorse;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    Configuration hadoop = HadoopSettings.load();
    RunHistory history = new RunHistory(new SweepFolder(out, hadoop));
    RunTime last = orFail(history.latest(), out + ": no run is kept here");
    Run after = history.current();
    if (against == null && history.times().size() == 1) {
      // A scheduler's first run has not made anything worse.
      command
          .commandLine()
          .getOut()
          .println("the run of " + last + " is the only one that is kept");
      return ExitCodes.DONE;
    }
    Run before = earlier(history, last, hadoop);
    if (!before.report().metric().equals(after.report().metric())) {
      throw new IOException(
          "the run of %s was judged by %s, that of %s by %s: they cannot be compared"
              .formatted(
                  before.time(), before.report().metric(), after.time(), after.report().metric()));
    }
    FrontierChange change = FrontierChange.of(before.snapshot(), after.snapshot(), slack);
    print(before, after, change, command.commandLine().getOut());
    return failIfWorse && change.isWorse() ? ExitCodes.WORSE : ExitCodes.DONE;
  }

  private Run earlier(RunHistory history, RunTime last, Configuration hadoop) throws IOException {
    RunTime before = new RunTime(last.instant().minusMillis(1));
    Optional<RunTime> time = against == null ? Optional.of(before) : RunTime.atLatest(against);
    if (against == null || time.isPresent()) {
      // Of the last run's own date the run before is meant, if there is one.
      RunTime most = time.get().compareTo(before) < 0 ? time.get() : before;
      return history.read(
          orFail(history.atOrBefore(most), out + ": no run of " + against + " or before is kept"));
    }
    RunHistory other = new RunHistory(new SweepFolder(against, hadoop));
    orFail(other.latest(), against + ": no run is kept here, and it is no date");
    return other.current();
  }

  private static RunTime orFail(Optional<RunTime> time, String message) throws IOException {
    return time.orElseThrow(() -> new IOException(message));
  }

  private static void print(Run before, Run after, FrontierChange change, PrintWriter terminal) {
    terminal.println(
        after.report().name() + ": run of " + after.time() + " against " + before.time());
    terminal.println(
        switch (change.method()) {
          case PAIRED -> "on the same validation examples, compared one by one";
          case UNPAIRED -> "on different validation examples, compared as shares";
          case INTERVALS -> "by their 95% intervals, as if on different validation examples";
        });
    terminal.println();
    ChangeTable.print(change, terminal);
  }

  /** A share of percents from 0 to below 100. */
  private static final class PercentConverter implements ITypeConverter<Double> {
    @Override
    public Double convert(String text) {
      try {
        double share = Double.parseDouble(text) / 100;
        if (share >= 0 && share < 1) {
          return share;
        }
      } catch (NumberFormatException e) {
        // The message below is the better one.
      }
      throw new TypeConversionException("\"" + text + "\" is no percentage from 0 to below 100");
    }
  }
}
