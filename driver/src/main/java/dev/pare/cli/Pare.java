package dev.pare.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command that holds the others. */
@Command(
    name = "pare",
    description = "Finds the smallest files that a trained neural network can become.",
    subcommands = {
      CompressCommand.class,
      PlanCommand.class,
      SensitivityCommand.class,
      SweepCommand.class,
      StatusCommand.class,
      FrontierCommand.class,
      TableCommand.class,
      ReportCommand.class,
      DiffCommand.class,
      InspectCommand.class,
      EvaluateCommand.class,
      ExamineCommand.class,
      ExportCommand.class,
      PatchCommand.class,
      LatencyCommand.class,
      DevicesCommand.class,
      StoreCommand.class
    },
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Pare.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExample:%n",
    footer = "  pare plan conf/quickstart.conf",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:the run failed",
      "2:the command line, the configuration, the data or the teacher cannot be used"
    })
final class Pare {
  @Option(
      names = {"-X", "--stacktrace"},
      scope = ScopeType.INHERIT,
      description = "Show where an error came from.")
  private boolean stacktrace;

  boolean stacktrace() {
    return stacktrace;
  }

  /** The version of the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Pare.class.getPackage().getImplementationVersion();
      return new String[] {"pare " + (version == null ? "(not from a jar)" : version)};
    }
  }
}
