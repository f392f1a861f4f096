package dev.pare.cli;

import dev.pare.SweepReport;
import dev.pare.folder.SweepFolder;
import dev.pare.report.CandidateTable;
import dev.pare.report.FrontierFiles;
import dev.pare.report.FrontierReport;
import dev.pare.report.TextTable;
import dev.pare.spec.HadoopSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** All candidates of a sweep, or of several that differ in their seeds. */
@Command(
    name = "table",
    description = {
      "Shows every candidate of a sweep: settings, bytes, weights, errors or what else it"
          + " is judged by, with 95%% intervals.",
      "Of several sweeps that differ in their seeds, means over the sweeps and, after ±, their"
          + " standard errors. Test examples were read for candidates on the frontier alone."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  pare table /tmp/pare/catalogue --markdown",
      "  pare table /tmp/pare/seed-1 /tmp/pare/seed-2 /tmp/pare/seed-3"
    })
final class TableCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "OUT",
      arity = "1..*",
      description = "Results of sweeps that have ended: their sweep.out.")
  private List<String> outs = List.of();

  @Option(names = "--markdown", description = "Print the table as Markdown.")
  private boolean markdown;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    TextTable table = CandidateTable.of(sweeps());
    PrintWriter terminal = command.commandLine().getOut();
    if (markdown) {
      table.printMarkdown(terminal);
    } else {
      table.print(terminal);
    }
    return ExitCodes.DONE;
  }

  private List<CandidateTable.Sweep> sweeps() throws IOException {
    // Without results no Spark need start to say so.
    Configuration hadoop = HadoopSettings.load();
    List<SweepFolder> folders = outs.stream().map(out -> new SweepFolder(out, hadoop)).toList();
    List<FrontierReport> frontiers = new ArrayList<>();
    for (SweepFolder folder : folders) {
      FrontierReport frontier = FrontierFiles.read(folder);
      ErrorReport.missing(folder, frontier, command.commandLine());
      frontiers.add(frontier);
    }
    for (int i = 1; i < outs.size(); i++) {
      if (!frontiers.get(i).metric().equals(frontiers.get(0).metric())) {
        throw new IOException(
            "%s is judged by %s, %s by %s: there are no means of both"
                .formatted(
                    outs.get(0),
                    frontiers.get(0).metric(),
                    outs.get(i),
                    frontiers.get(i).metric()));
      }
    }
    List<CandidateTable.Sweep> sweeps = new ArrayList<>();
    try (SparkSession spark = LocalSession.open("pare table")) {
      for (int i = 0; i < outs.size(); i++) {
        sweeps.add(
            new CandidateTable.Sweep(
                SweepReport.candidates(spark, folders.get(i), frontiers.get(i)), frontiers.get(i)));
      }
    }
    return sweeps;
  }
}
