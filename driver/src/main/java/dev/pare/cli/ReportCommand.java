package dev.pare.cli;

import dev.pare.SweepReport;
import dev.pare.folder.SweepFolder;
import dev.pare.report.FrontierFiles;
import dev.pare.report.page.ReportData;
import dev.pare.report.page.ReportFiles;
import dev.pare.spec.HadoopSettings;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A sweep's results to look at. */
@Command(
    name = "report",
    description = {
      "Writes report.html, frontier.svg and frontier.png into a sweep's results, as the sweep did"
          + " when it ended.",
      "The page is one file that opens without a network."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  pare report /tmp/pare/quickstart",
      "  pare report hdfs:///sweeps/lenet --out lenet.html"
    })
final class ReportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "OUT", description = "The sweep's results: its sweep.out.")
  private String out = "";

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "Write this file alone, any Hadoop path: a picture if the name ends in .svg or .png, else"
              + " the page.")
  private @Nullable String file;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    // Without results no Spark need start to say so.
    SweepFolder folder = new SweepFolder(out, HadoopSettings.load());
    ErrorReport.missing(folder, FrontierFiles.read(folder), command.commandLine());
    try (SparkSession spark = LocalSession.open("pare report")) {
      ReportData data = SweepReport.read(spark, out);
      Configuration hadoop = spark.sparkContext().hadoopConfiguration();
      if (file == null) {
        ReportFiles.writeAll(new SweepFolder(out, hadoop), data);
      } else {
        ReportFiles.write(new Path(file), hadoop, data);
      }
    }
    command
        .commandLine()
        .getOut()
        .println(file == null ? new Path(out, SweepFolder.PAGE).toString() : file);
    return ExitCodes.DONE;
  }
}
