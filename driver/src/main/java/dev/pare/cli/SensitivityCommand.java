package dev.pare.cli;

import dev.pare.Sweep;
import dev.pare.candidate.Credentials;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How sensitive a teacher is to the sparsity of each of its layers. */
@Command(
    name = "sensitivity",
    description = {
      "Prunes one layer of the teacher at a time and shows the error on training examples.",
      "By every saliency and granularity of the configuration; the table is kept in its results."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  pare sensitivity conf/quickstart.conf",
      "  pare sensitivity conf/quickstart.conf --set 'space.saliency=[magnitude,surgeon]'"
    })
final class SensitivityCommand implements Callable<Integer> {
  @Mixin private ConfigurationArguments configuration = new ConfigurationArguments();

  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "Spark's master where spark-submit gave none (default: local[*]).")
  private @Nullable String master;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = command.commandLine().getOut();
    SweepSpec sweep = configuration.load();
    TerminalProgress progress = TerminalProgress.here(command.commandLine().getErr());
    try (SparkSession spark = SweepCommand.session(sweep.name(), master)) {
      Sweep.sensitivity(spark, sweep, progress).print(out);
      out.println("kept in " + Credentials.inMessage(sweep.out()));
    }
    return ExitCodes.DONE;
  }
}
