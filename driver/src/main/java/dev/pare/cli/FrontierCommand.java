package dev.pare.cli;

import dev.pare.folder.SweepFolder;
import dev.pare.report.FrontierFiles;
import dev.pare.report.FrontierReport;
import dev.pare.report.FrontierRow;
import dev.pare.report.FrontierTable;
import dev.pare.report.ModelFile;
import dev.pare.report.TextTable;
import dev.pare.spec.HadoopSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** What a sweep has found. */
@Command(
    name = "frontier",
    description = "Shows the frontier that a sweep has found, or the part within limits.",
    exitCodeList = {
      "0:done",
      "1:the run failed, or no file is within the limits",
      "2:the command line or the configuration cannot be used"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  pare frontier /tmp/pare/quickstart",
      "  pare frontier hdfs:///sweeps/lenet --max-bytes 30k --max-loss 0.5",
      "  cp $(pare frontier /tmp/pare/quickstart --max-latency 0.1 --one best) .",
      "  pare frontier /tmp/pare/quickstart --max-flash 32KiB --max-ram 8KiB",
      "",
      "Sizes: 30000, 30k or 30kB (1000 bytes each), 30KiB (1024 bytes each)."
    })
final class FrontierCommand implements Callable<Integer> {
  @Parameters(paramLabel = "OUT", description = "The sweep's results: its sweep.out.")
  private String out = "";

  @Mixin private FrontierLimits limits = new FrontierLimits();

  @ArgGroup private Form form = new Form();

  /** What is printed, in place of a table for a terminal. */
  private static final class Form {
    @Option(names = "--markdown", description = "Print the table as Markdown.")
    private boolean markdown;

    @Option(names = "--json", description = "Print what frontier.json has of these files.")
    private boolean json;

    @Option(
        names = "--one",
        paramLabel = "WHICH",
        converter = ChoiceConverter.class,
        description =
            "Print the path of one of these files and nothing else: smallest, or best on the"
                + " validation examples.")
    private @Nullable Choice one;
  }

  private enum Choice {
    SMALLEST,
    BEST
  }

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    limits.check(command.commandLine());
    Configuration hadoop = HadoopSettings.load();
    SweepFolder folder = new SweepFolder(out, hadoop);
    FrontierReport report = FrontierFiles.read(folder);
    ErrorReport.missing(folder, report, command.commandLine());
    FirmwareLimits.Fitting fitting =
        limits.within(out, folder, report, hadoop, command.commandLine());
    List<FrontierRow> within = fitting.rows();
    PrintWriter terminal = command.commandLine().getOut();
    if (form.json) {
      terminal.print(FrontierFiles.json(report.withRows(within)));
    } else if (form.one == null) {
      print(report, within, terminal);
      fitting.print(terminal, form.markdown);
    } else if (!within.isEmpty()) {
      FrontierRow one = form.one == Choice.SMALLEST ? within.get(0) : FrontierRow.best(within);
      // Whoever takes it by its name relies on it.
      ModelFile.read(folder, one, hadoop, in -> one);
      terminal.println(folder.path(one.file()));
    }
    terminal.flush();
    if (within.isEmpty()) {
      command
          .commandLine()
          .getErr()
          .println("pare: none of " + report.rows().size() + " files is within the limits");
      return ExitCodes.FAILED;
    }
    return ExitCodes.DONE;
  }

  private void print(FrontierReport report, List<FrontierRow> within, PrintWriter terminal) {
    TextTable table = FrontierTable.of(report.withRows(within));
    if (form.markdown) {
      table.printMarkdown(terminal);
    } else {
      table.print(terminal);
    }
    terminal.println();
    terminal.println(FrontierTable.NOTE);
    if (within.size() < report.rows().size()) {
      terminal.println(
          within.size() + " of " + report.rows().size() + " files are within the limits");
    }
  }

  private static final class ChoiceConverter implements ITypeConverter<Choice> {
    @Override
    public Choice convert(String text) {
      return switch (text) {
        case "smallest" -> Choice.SMALLEST;
        case "best" -> Choice.BEST;
        default -> throw new TypeConversionException("\"" + text + "\": must be smallest or best");
      };
    }
  }
}
