package dev.pare.cli;

import dev.pare.folder.SweepFolder;
import dev.pare.frontier.Budget;
import dev.pare.frontier.ParetoFrontier;
import dev.pare.report.ByteSize;
import dev.pare.report.FrontierFiles;
import dev.pare.report.FrontierReport;
import dev.pare.report.FrontierRow;
import dev.pare.report.FrontierTable;
import dev.pare.report.TextTable;
import dev.pare.spec.HadoopSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** What a sweep has found. */
@Command(
    name = "frontier",
    description = "Shows the frontier that a sweep has found, or the part within a budget.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  pare frontier /tmp/pare/quickstart",
      "  pare frontier hdfs:///sweeps/lenet --max-bytes 30k --max-loss 0.5",
      "",
      "Sizes: 30000, 30k or 30kB (1000 bytes each), 30KiB (1024 bytes each)."
    })
final class FrontierCommand implements Callable<Integer> {
  @Parameters(paramLabel = "OUT", description = "The sweep's results: its sweep.out.")
  private String out = "";

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

  @Option(names = "--markdown", description = "Print the table as Markdown.")
  private boolean markdown;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    PrintWriter terminal = command.commandLine().getOut();
    SweepFolder folder = new SweepFolder(out, HadoopSettings.load());
    FrontierReport report = FrontierFiles.read(folder);
    ErrorReport.missing(folder, report, command.commandLine());
    List<FrontierRow> within =
        ParetoFrontier.<FrontierRow>of(report.rows())
            .within(
                new Budget(maxBytes, maxLoss),
                report.metric(),
                report.teacher().validation().estimate().quality());
    TextTable table = FrontierTable.of(report.withRows(within));
    if (markdown) {
      table.printMarkdown(terminal);
    } else {
      table.print(terminal);
    }
    terminal.println();
    terminal.println(FrontierTable.NOTE);
    if (within.size() < report.rows().size()) {
      terminal.println(within.size() + " of " + report.rows().size() + " files are within budget");
    }
    return ExitCodes.DONE;
  }

  private static final class SizeConverter implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      try {
        return ByteSize.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
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
