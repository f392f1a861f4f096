package dev.pare.cli;

import dev.pare.SweepReport;
import dev.pare.candidate.Metric;
import dev.pare.folder.SweepFolder;
import dev.pare.importance.Importance;
import dev.pare.report.CandidateTable;
import dev.pare.report.FrontierFiles;
import dev.pare.report.FrontierReport;
import dev.pare.report.ImportanceTable;
import dev.pare.report.TextTable;
import dev.pare.spec.HadoopSettings;
import dev.pare.spec.InvalidSpecException;
import dev.pare.spec.SweepSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

/** All candidates of a sweep, or of several that differ in their seeds. */
@Command(
    name = "table",
    description = {
      "Shows every candidate of a sweep: settings, bytes, weights, errors or what else it"
          + " is judged by, with 95%% intervals.",
      "Of several sweeps that differ in their seeds, means over the sweeps and, after ±, their"
          + " standard errors. Test examples were read for candidates on the frontier alone.",
      "With --importance how much each setting mattered, and which pairs of settings did beyond"
          + " that: shares of the variance of log2(bytes) and of what candidates are judged by, by"
          + " functional ANOVA."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  pare table /tmp/pare/catalogue --markdown",
      "  pare table /tmp/pare/seed-1 /tmp/pare/seed-2 /tmp/pare/seed-3",
      "  pare table /tmp/pare/quickstart --importance"
    })
final class TableCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "OUT",
      arity = "1..*",
      description = "Results of sweeps that have ended: their sweep.out.")
  private List<String> outs = List.of();

  @Option(names = "--markdown", description = "Print the table as Markdown.")
  private boolean markdown;

  @Option(
      names = "--importance",
      description =
          "Show which settings mattered instead of the candidates; those of several sweeps count as"
              + " repetitions.")
  private boolean importance;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    List<CandidateTable.Sweep> sweeps = sweeps();
    if (importance) {
      printImportance(sweeps);
    } else {
      print(CandidateTable.of(sweeps));
    }
    return ExitCodes.DONE;
  }

  private void printImportance(List<CandidateTable.Sweep> sweeps) {
    Metric metric = sweeps.get(0).frontier().metric();
    Importance known =
        Importance.of(sweeps.stream().flatMap(sweep -> sweep.entries().stream()).toList());
    PrintWriter terminal = command.commandLine().getOut();
    if (!known.isKnown()) {
      terminal.println("importance is not available: " + known.reason());
      return;
    }
    print(ImportanceTable.of(known, metric));
    terminal.println();
    terminal.println(ImportanceTable.note(known, metric));
  }

  private void print(TextTable table) {
    PrintWriter terminal = command.commandLine().getOut();
    if (markdown) {
      table.printMarkdown(terminal);
    } else {
      table.print(terminal);
    }
  }

  /** Of what differs more than by random choices means say little. */
  private void warn(List<SweepFolder> folders, List<FrontierReport> frontiers) throws IOException {
    PrintWriter terminal = command.commandLine().getErr();
    @Nullable SweepSpec first = null;
    String firstTitle = "";
    Set<Path> known = new HashSet<>();
    for (int i = 0; i < folders.size(); i++) {
      String title = folders.get(i).title();
      if (!known.add(folders.get(i).qualified())) {
        terminal.println("pare: warning: " + title + " stands there twice; it counts once");
      }
      @Nullable SweepSpec sweep = configuration(folders.get(i), terminal);
      if (first == null) {
        first = sweep;
        firstTitle = title;
      }
      if (first != null && sweep != null) {
        List<String> others = first.sectionsUnlike(sweep);
        if (!others.isEmpty()) {
          terminal.println(
              "pare: warning: %s has other settings of %s than %s"
                  .formatted(title, String.join(", ", others), firstTitle));
        }
      }
      @Nullable String test = frontiers.get(i).teacher().testSha256();
      if (test != null && !test.equals(frontiers.get(0).teacher().testSha256())) {
        terminal.println(
            "pare: warning: %s was tested on other examples than %s"
                .formatted(title, folders.get(0).title()));
      }
    }
    terminal.flush();
  }

  /** Null where it is not as a sweep has left it, which is said. */
  private static @Nullable SweepSpec configuration(SweepFolder folder, PrintWriter terminal) {
    try {
      SweepReport.configuration(folder);
      return SweepSpec.load(folder.path(SweepFolder.CONFIGURATION).toString(), List.of());
    } catch (IOException | InvalidSpecException e) {
      terminal.println(
          "pare: warning: whether %s has the settings of the others is not known: %s"
              .formatted(folder.root(), e.getMessage()));
      return null;
    }
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
    if (folders.size() > 1) {
      warn(folders, frontiers);
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
