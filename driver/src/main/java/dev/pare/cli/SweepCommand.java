package dev.pare.cli;

import dev.pare.Sweep;
import dev.pare.candidate.Credentials;
import dev.pare.candidate.FailureCode;
import dev.pare.candidate.Outcome;
import dev.pare.history.ChangeTable;
import dev.pare.report.FrontierTable;
import dev.pare.report.PrintableText;
import dev.pare.schedule.RetryPolicy;
import dev.pare.schedule.SparkRelease;
import dev.pare.spec.SweepSpec;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a sweep. */
@Command(
    name = "sweep",
    description = {
      "Trains and compresses every candidate of a configuration and keeps the frontier.",
      "The same command again goes on where an earlier run ended."
    },
    exitCodeList = {
      "0:done, whatever candidates failed: the ledger has their reasons",
      "1:the run failed, or every candidate for want of resources; what is finished is kept",
      "2:the command line, the configuration, the data or the teacher cannot be used",
      "130:stopped by Ctrl-C; the same command goes on"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  pare sweep conf/quickstart.conf",
      "  pare sweep conf/mnist-lenet-300-100.conf --set student.epochs=5 --set space.bits=[2,3]",
      "  SPARK_HOME=/opt/spark PARE_SUBMIT_OPTIONS='--master yarn' \\",
      "    pare sweep sweep.conf --set sweep.out=hdfs:///sweeps/lenet"
    })
final class SweepCommand implements Callable<Integer> {
  private static final String MASTER = "spark.master";

  @Mixin private ConfigurationArguments configuration = new ConfigurationArguments();

  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "Spark's master where spark-submit gave none (default: local[*]).")
  private @Nullable String master;

  @Option(
      names = "--retry-failed",
      description =
          "Try again what failed by its own settings in an earlier run, such as a training that"
              + " diverged.")
  private boolean retryFailed;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    SweepSpec sweep = configuration.load();
    TerminalProgress progress = TerminalProgress.here(command.commandLine().getErr());
    return Interruption.watched(progress, () -> run(sweep, progress));
  }

  private int run(SweepSpec sweep, TerminalProgress progress) {
    PrintWriter out = command.commandLine().getOut();
    SparkSession spark = session(sweep.name(), master);
    try {
      Sweep.Result result =
          Sweep.run(
              spark,
              sweep,
              progress,
              retryFailed ? RetryPolicy.RETRY_FAILURES : RetryPolicy.KEEP_FAILURES);
      FrontierTable.of(result.frontier()).print(out);
      out.println(FrontierTable.NOTE);
      long failed =
          result.outcomes().values().stream().filter(Outcome.Failed.class::isInstance).count();
      out.println();
      out.println(
          result.outcomes().size()
              + (result.outcomes().size() == 1 ? " candidate" : " candidates")
              + (failed == 0 ? "" : ", " + failed + " failed (see the ledger)")
              + "; results in "
              + Credentials.inMessage(sweep.out()));
      if (result.change() != null) {
        out.println("against the run before: " + ChangeTable.summary(result.change()));
      }
      return exitCode(result.outcomes().values(), command.commandLine().getErr());
    } finally {
      close(spark);
    }
  }

  /** Spark would not stop on a thread that is interrupted. */
  static void close(SparkSession spark) {
    boolean interrupted = Thread.interrupted();
    spark.stop();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Where every candidate failed for want of resources, the run did, with the last one's reason.
   */
  static int exitCode(Collection<Outcome> outcomes, PrintWriter err) {
    Outcome.Failed last = null;
    for (Outcome outcome : outcomes) {
      if (!(outcome instanceof Outcome.Failed failed)
          || failed.failure().code() != FailureCode.RESOURCES_EXHAUSTED) {
        return ExitCodes.DONE;
      }
      last = failed;
    }
    if (last == null) {
      return ExitCodes.DONE;
    }
    err.println(
        "pare: every candidate failed for want of resources: "
            + PrintableText.of(Credentials.inMessage(last.failure().message())));
    return ExitCodes.FAILED;
  }

  /**
   * Spark as spark-submit has it, or else in this process.
   *
   * @throws dev.pare.schedule.SparkMisfitException if the jar cannot run on this Spark
   */
  static SparkSession session(String sweep, @Nullable String master) {
    SparkRelease.checkJvm();
    SparkSession.Builder builder = SparkSession.builder().appName("pare " + sweep);
    String url = master == null ? System.getProperty(MASTER) : master;
    if (url == null) {
      // As on a cluster, jobs beside the candidates' are tried four times.
      url = "local[*,4]";
      builder.config("spark.ui.enabled", "false");
    }
    builder.master(url);
    LocalSession.limitTaskCpus(builder, url);
    return builder.config("spark.ui.showConsoleProgress", "false").getOrCreate();
  }
}
