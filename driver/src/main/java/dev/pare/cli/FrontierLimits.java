package dev.pare.cli;

import dev.pare.evaluate.Latency;
import dev.pare.folder.SweepFolder;
import dev.pare.frontier.Budget;
import dev.pare.report.FrontierReport;
import dev.pare.report.FrontierRow;
import dev.pare.report.LatencyTable;
import dev.pare.report.SweepLatency;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** What files of a frontier may cost: the limits that commands take. */
final class FrontierLimits {
  @Option(
      names = "--max-bytes",
      paramLabel = "SIZE",
      converter = SizeConverter.class,
      description = "Only files of at most so many bytes.")
  private long maxBytes = Budget.UNLIMITED.maxBytes();

  @Option(
      names = "--max-loss",
      paramLabel = "POINTS",
      converter = PointsConverter.class,
      description =
          "Only files that are at most so much worse than the teacher on the validation examples:"
              + " percentage points of accuracy or another share, else in the metric's own unit.")
  private double maxLoss = Budget.UNLIMITED.maxLoss();

  @Option(
      names = "--max-latency",
      paramLabel = "MILLISECONDS",
      description =
          "Only files that take at most so long, by the median of 'pare latency'; above 0.")
  private double maxLatency = Double.POSITIVE_INFINITY;

  @Mixin private FirmwareLimits firmware = new FirmwareLimits();

  /** Whether files must have been timed. */
  boolean areOfLatency() {
    return maxLatency < Double.POSITIVE_INFINITY;
  }

  /** How much worse than the teacher files may be; infinite without a limit. */
  double maxLoss() {
    return maxLoss;
  }

  /** Whether how good files are is limited. */
  boolean areOfLoss() {
    return maxLoss < Budget.UNLIMITED.maxLoss();
  }

  /** Whether anything is limited. */
  boolean areSet() {
    return maxBytes < Budget.UNLIMITED.maxBytes()
        || areOfLoss()
        || areOfLatency()
        || firmware.areSet();
  }

  /** The most that files may lose, where nothing is limited. */
  void setMaxLoss(double points) {
    maxLoss = points;
  }

  /** Refuses what no file can have. */
  void check(CommandLine command) {
    if (!(maxLatency > 0)) {
      throw new ParameterException(command, "--max-latency = " + maxLatency + ": must be above 0");
    }
  }

  /**
   * The files that are within all of them.
   *
   * @param out the results, as the user named them
   */
  FirmwareLimits.Fitting within(
      String out,
      SweepFolder folder,
      FrontierReport report,
      Configuration hadoop,
      CommandLine command)
      throws IOException {
    List<FrontierRow> fast =
        fastEnough(
            out,
            folder,
            new Budget(maxBytes, maxLoss)
                .within(
                    report.rows(),
                    report.metric(),
                    report.teacher().validation().estimate().quality()),
            command);
    return firmware.of(folder, fast, hadoop, command.getErr());
  }

  private List<FrontierRow> fastEnough(
      String out, SweepFolder folder, List<FrontierRow> rows, CommandLine command) {
    if (maxLatency == Double.POSITIVE_INFINITY) {
      return rows;
    }
    LatencyTable latencies =
        SweepLatency.read(folder).orElseThrow(() -> notTimed(out, out, command));
    List<FrontierRow> fast = new ArrayList<>();
    for (FrontierRow row : rows) {
      String sha256 = row.summary().sha256();
      Latency latency =
          Optional.ofNullable(sha256)
              .flatMap(latencies::of)
              .orElseThrow(() -> notTimed(row.file(), out, command));
      if (latency.median() <= maxLatency) {
        fast.add(row);
      }
    }
    return fast;
  }

  private static ParameterException notTimed(String file, String out, CommandLine command) {
    return new ParameterException(
        command,
        "--max-latency: %s was not timed: 'pare latency %s' times the frontier's files"
            .formatted(file, out));
  }

  private static final class PointsConverter implements ITypeConverter<Double> {
    @Override
    public Double convert(String text) {
      try {
        double points = Double.parseDouble(text);
        if (Double.isFinite(points)) {
          return points;
        }
      } catch (NumberFormatException e) {
        // The message below is the better one.
      }
      throw new TypeConversionException("\"" + text + "\" is no finite number");
    }
  }
}
